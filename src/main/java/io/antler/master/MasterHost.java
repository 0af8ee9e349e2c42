package io.antler.master;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.antler.journal.Epoch;
import io.antler.restore.StandbyFeed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this node does with its {@code mfsmaster}. It reports to Leadership and follows the mandate that comes back:
 *
 * <pre>
 * Waiting → Preparing ──checkpoint──► Loading ──loaded──► Standby ──appointed──► Mastering
 *    ▲                                     │                   │                      │
 *    └─────────────── Clearing ◄───────────┴──────ended────────┴────────ended─────────┘
 * </pre>
 */
public final class MasterHost extends AbstractOnMessageBehavior<MasterHost.Command> {
    /** Tells Leadership, which answers the host with its mandate. */
    public interface Reporter {
        void report(Standing standing, ActorRef<Mandate> host);
    }

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration SUCCESSOR = Duration.ofSeconds(20);

    public sealed interface Command {}

    /** Ends what runs here; a master hands over first. Answered when nothing runs any more. */
    public record Stop(ActorRef<Done> replyTo) implements Command {}

    private record MandateReceived(Mandate mandate) implements Command {}

    private record Report() implements Command {}

    private record Prepare() implements Command {}

    private record Prepared(
            long checkpointVersion, @Nullable Throwable failure) implements Command {}

    private record FeedEvent(int life, StandbyFeed.Event event) implements Command {}

    private record FeedGone(int life) implements Command {}

    private record MastershipEvent(Epoch epoch, Mastership.Event event) implements Command {}

    private record NoSuccessor() implements Command {}

    /** Where this node is; each with what belongs to it. */
    private sealed interface State {
        record Waiting(String reason) implements State {}

        record Preparing() implements State {}

        record Loading(ActorRef<StandbyFeed.Command> feed) implements State {}

        record Standby(ActorRef<StandbyFeed.Command> feed) implements State {}

        record Mastering(
                Epoch epoch, ActorRef<Mastership.Command> mastership, Phase phase, ActorRef<StandbyFeed.Command> feed)
                implements State {
            Mastering in(Phase next) {
                return new Mastering(epoch, mastership, next, feed);
            }
        }

        /** Over, but the standby's feed has not ended yet. */
        record Clearing() implements State {}

        record Stopped() implements State {}
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Surroundings around;
    private final Reporter leadership;
    private final ActorRef<Mandate> mandates;
    private State state = new State.Waiting("no mandate yet: waiting for Leadership");
    private @Nullable Mandate mandate;
    private @Nullable String trouble;
    private @Nullable ActorRef<Done> stopping;
    private long journaled = -1;
    private long replayed = -1;
    private int life; // of the standby: events of an earlier one are ignored
    private boolean feedAlive;
    private boolean inspect; // the directory is that of a standby that failed
    private Epoch lastEpoch;

    public static Behavior<Command> create(Surroundings around, Reporter leadership) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new MasterHost(context, timers, around, leadership)));
    }

    private MasterHost(
            ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around, Reporter leadership) {
        super(context);
        this.context = context;
        context.setLoggerName(MasterHost.class);
        this.timers = timers;
        this.around = around;
        this.leadership = leadership;
        this.mandates = context.messageAdapter(Mandate.class, MandateReceived::new);
        this.lastEpoch = around.directories().lastEpoch();
        timers.startTimerAtFixedRate(new Report(), around.reportInterval());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Report _ -> report();
            case MandateReceived received -> follow(received.mandate());
            case Prepare _ -> prepare();
            case Prepared prepared -> prepared(prepared);
            case FeedEvent event when event.life() == life -> feed(event.event());
            case FeedGone gone when gone.life() == life -> feedGone();
            case FeedEvent _, FeedGone _ -> this; // of an earlier life
            case MastershipEvent event -> mastership(event.epoch(), event.event());
            case Stop stop -> stop(stop.replyTo());
            case NoSuccessor _ -> noSuccessor();
        };
    }

    private Behavior<Command> report() {
        Epoch epoch = state instanceof State.Mastering mastering ? mastering.epoch() : Epoch.NONE;
        boolean checkpoint = around.checkpoints().newest().isPresent();
        leadership.report(
                new Standing(around.self(), phase(), epoch, replayed, journaled, checkpoint, trouble), mandates);
        context.getSystem().eventStream().tell(new EventStream.Publish<>(status()));
        return this;
    }

    private Phase phase() {
        return switch (state) {
            case State.Waiting _, State.Preparing _, State.Clearing _, State.Stopped _ -> Phase.WAITING;
            case State.Loading _ -> Phase.LOADING;
            case State.Standby _ -> stopping == null ? Phase.STANDBY : Phase.WAITING;
            case State.Mastering mastering -> mastering.phase();
        };
    }

    private HostStatus status() {
        HostStatus.Role role = HostStatus.Role.of(phase());
        Mandate known = mandate;
        return new HostStatus(
                around.self(),
                role,
                role == HostStatus.Role.STANDBY ? HostStatus.StandbyKind.HOT : null,
                known == null ? Epoch.NONE : known.epoch(),
                journaled,
                replayed,
                known == null ? null : known.master(),
                role == HostStatus.Role.MASTER,
                known == null ? null : known.metadataId(),
                state instanceof State.Waiting waiting ? waiting.reason() : trouble);
    }

    private Behavior<Command> follow(Mandate received) {
        Mandate known = mandate;
        if (known != null && received.epoch().compareTo(known.epoch()) < 0) {
            return this; // overtaken on the way
        }
        mandate = received;
        boolean appointed =
                around.self().equals(received.master()) && received.epoch().compareTo(lastEpoch) > 0;
        return switch (state) {
            case State.Waiting _
            when received.metadataId() == null ->
                wait(
                        "the journal is empty: antler adopt --config FILE on the node whose DATA_PATH holds the file system");
            case State.Waiting _ when !timers.isTimerActive(Prepare.class) && stopping == null -> prepare();
            case State.Standby standby when appointed && stopping == null -> master(received, standby.feed());
            case State.Mastering mastering
            when received.epoch().compareTo(mastering.epoch()) > 0 -> deposed(mastering, received);
            case State.Mastering mastering
            when received.epoch().equals(mastering.epoch()) -> leave(mastering, received.leave());
            case State.Waiting _,
                    State.Preparing _,
                    State.Loading _,
                    State.Standby _,
                    State.Mastering _,
                    State.Clearing _,
                    State.Stopped _ -> this;
        };
    }

    private Behavior<Command> wait(String reason) {
        if (!(state instanceof State.Waiting waiting && waiting.reason().equals(reason))) {
            context.getLog().info("waiting: {}", reason);
        }
        state = new State.Waiting(reason);
        return this;
    }

    /** Gets the checkpoint if it is not here yet, and makes room for a new directory. */
    private Behavior<Command> prepare() {
        Mandate known = mandate;
        if (known == null || known.metadataId() == null || stopping != null) {
            return this;
        }
        state = new State.Preparing();
        context.pipeToSelf(
                around.prepare(known, inspect),
                (version, failure) -> new Prepared(version == null ? -1 : version, failure));
        return this;
    }

    private Behavior<Command> prepared(Prepared prepared) {
        Throwable failure = prepared.failure();
        if (stopping != null) {
            return stopped();
        }
        if (failure != null) {
            return again("standby not prepared: " + rootMessage(failure));
        }
        inspect = false;
        life++;
        int thisLife = life;
        var feed = context.spawn(
                StandbyFeed.create(
                        around.standby(prepared.checkpointVersion()),
                        prepared.checkpointVersion(),
                        around.changes().get(),
                        context.messageAdapter(StandbyFeed.Event.class, event -> new FeedEvent(thisLife, event))),
                "standby-" + life,
                around.blockingActors());
        context.watchWith(feed, new FeedGone(thisLife));
        feedAlive = true;
        state = new State.Loading(feed);
        return this;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private Behavior<Command> again(String reason) {
        context.getLog().error("{}; trying again in {} s", reason, RETRY.toSeconds());
        trouble = reason;
        timers.startSingleTimer(Prepare.class, new Prepare(), RETRY);
        return wait(reason);
    }

    private Behavior<Command> feed(StandbyFeed.Event event) {
        switch (event) {
            case StandbyFeed.Progress progress -> {
                journaled = progress.journaled();
                replayed = progress.replayed();
            }
            case StandbyFeed.Loaded _ -> {
                if (state instanceof State.Loading loading) {
                    state = new State.Standby(loading.feed());
                    trouble = null;
                    context.getLog().info("hot standby loaded");
                    return report();
                }
            }
            case StandbyFeed.Ended ended -> { // FeedGone follows
                trouble = ended.reason();
                inspect = true;
            }
        }
        return this;
    }

    private Behavior<Command> feedGone() {
        feedAlive = false;
        replayed = -1;
        return switch (state) {
            case State.Loading _, State.Standby _
            when stopping == null -> again(trouble == null ? "the standby's feed broke" : trouble);
            case State.Loading _, State.Standby _, State.Clearing _ when stopping != null -> stopped();
            case State.Clearing _ -> {
                state = new State.Waiting("rebuilding the standby");
                yield prepare();
            }
            case State.Mastering mastering -> {
                mastering.mastership().tell(new Mastership.End("the standby ended: " + trouble));
                yield this;
            }
            case State.Waiting _, State.Preparing _, State.Loading _, State.Standby _, State.Stopped _ -> this;
        };
    }

    private Behavior<Command> master(Mandate appointed, ActorRef<StandbyFeed.Command> feed) {
        Epoch epoch = appointed.epoch();
        context.getLog().info("epoch={} this node is appointed, promoting its standby", epoch);
        lastEpoch = epoch;
        trouble = null;
        String metadataId = java.util.Objects.requireNonNull(appointed.metadataId());
        var mastership = context.spawn(
                Mastership.create(
                        around,
                        epoch,
                        metadataId,
                        feed,
                        context.messageAdapter(Mastership.Event.class, event -> new MastershipEvent(epoch, event))),
                "mastership-" + epoch);
        context.watchWith(mastership, new MastershipEvent(epoch, new Mastership.Ended("its actor stopped")));
        state = new State.Mastering(epoch, mastership, Phase.PROMOTING, feed);
        return report();
    }

    private Behavior<Command> mastership(Epoch epoch, Mastership.Event event) {
        if (!(state instanceof State.Mastering mastering && mastering.epoch().equals(epoch))) {
            return this;
        }
        switch (event) {
            case Mastership.Serving _ -> {
                state = mastering.in(Phase.SERVING);
                if (stopping != null) {
                    mastering.mastership().tell(new Mastership.HandOver());
                }
            }
            case Mastership.Journaled progress -> {
                journaled = progress.nextVersion();
                replayed = progress.nextVersion();
                return this;
            }
            case Mastership.Drained drained -> {
                journaled = drained.nextVersion();
                replayed = drained.nextVersion();
                state = mastering.in(Phase.DRAINED);
                timers.startSingleTimer(new NoSuccessor(), SUCCESSOR);
            }
            case Mastership.Ended ended -> {
                return mastershipEnded(epoch, mastering, ended.reason());
            }
        }
        return report();
    }

    private Behavior<Command> mastershipEnded(Epoch epoch, State.Mastering mastering, String reason) {
        boolean planned = mastering.phase() == Phase.DRAINED;
        if (planned) {
            context.getLog().info("epoch={} mastership ended: {}", epoch, reason);
        } else {
            context.getLog().warn("epoch={} mastership ended: {}", epoch, reason);
            trouble = reason;
        }
        state = mastering.in(Phase.ENDED);
        report();
        replayed = -1;
        state = new State.Clearing();
        return feedAlive ? stopFeed(mastering.feed()) : feedGone();
    }

    private Behavior<Command> deposed(State.Mastering mastering, Mandate newer) {
        if (mastering.phase() != Phase.DRAINED) {
            mastering.mastership().tell(new Mastership.End("deposed by epoch " + newer.epoch()));
        } else if (newer.serving()) {
            timers.cancel(new NoSuccessor());
            mastering.mastership().tell(new Mastership.End("handed over to " + newer.master()));
        }
        return this;
    }

    private Behavior<Command> leave(State.Mastering mastering, Mandate.Leave leave) {
        if (leave == Mandate.Leave.DRAIN && mastering.phase() == Phase.SERVING) {
            mastering.mastership().tell(new Mastership.HandOver());
        } else if (leave == Mandate.Leave.LEFT && mastering.phase() == Phase.DRAINED) {
            timers.cancel(new NoSuccessor());
            mastering.mastership().tell(new Mastership.End("the cluster was left"));
        }
        return this;
    }

    private Behavior<Command> stop(ActorRef<Done> replyTo) {
        stopping = replyTo;
        timers.cancel(Prepare.class);
        return switch (state) {
            case State.Waiting _, State.Stopped _ -> stopped();
            case State.Preparing _, State.Clearing _ -> this; // ends with Prepared or FeedGone
            case State.Loading loading -> stopFeed(loading.feed());
            case State.Standby standby -> stopFeed(standby.feed());
            case State.Mastering mastering -> {
                mastering
                        .mastership()
                        .tell(
                                mastering.phase() == Phase.SERVING
                                        ? new Mastership.HandOver()
                                        : new Mastership.End("this node stops"));
                yield this;
            }
        };
    }

    private Behavior<Command> stopFeed(ActorRef<StandbyFeed.Command> feed) {
        context.stop(feed);
        return this; // its end arrives as FeedGone
    }

    private Behavior<Command> stopped() {
        ActorRef<Done> waiting = stopping;
        state = new State.Stopped();
        if (waiting != null) {
            waiting.tell(Done.getInstance());
        }
        return this;
    }

    private Behavior<Command> noSuccessor() {
        if (state instanceof State.Mastering mastering && mastering.phase() == Phase.DRAINED) {
            context.getLog()
                    .warn(
                            "epoch={} no successor within {} s: the file system waits for another node; nothing is lost",
                            mastering.epoch(),
                            SUCCESSOR.toSeconds());
            mastering.mastership().tell(new Mastership.End("no successor"));
        }
        return this;
    }
}
