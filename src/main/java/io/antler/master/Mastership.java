package io.antler.master;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.antler.journal.Epoch;
import io.antler.journal.MastershipLease;
import io.antler.journal.TakenOver;
import io.antler.master.PromotionRule.Progress;
import io.antler.master.PromotionRule.Proof;
import io.antler.master.PromotionRule.Step;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesWriter;
import io.antler.metalogger.JournalSink;
import io.antler.metalogger.Metalogger;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.StockProcess;
import io.antler.restore.StandbyFeed;
import io.antler.vip.AddressChanged;
import io.antler.vip.VirtualIp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One mastership, from its appointment to its end: carries out the steps of {@link PromotionRule}, then keeps lease,
 * address and stream of changes alive. {@link Retreat} ends it in an order that leaves no second master.
 */
final class Mastership extends AbstractOnMessageBehavior<Mastership.Command> {
    private static final Duration LAST_CHANGES = Duration.ofSeconds(1);
    private static final int STILL = 3; // barriers in a row without a change between them

    sealed interface Command {}

    /** Blocks what comes in, journals what the master still had, and gives address and lease back. */
    record HandOver() implements Command {}

    record End(String reason) implements Command {}

    private record Fenced(
            @Nullable TakenOver taken, @Nullable Throwable failure) implements Command {}

    private record Fed(long nextVersion) implements Command {}

    private record Marked(@Nullable Throwable failure) implements Command {}

    private record LetGo(StockProcess process) implements Command {}

    private record Verified(
            MasterProbe.@Nullable Answer answer, @Nullable Throwable failure) implements Command {}

    private record LeaseNews(MastershipLease.Event event) implements Command {}

    private record StreamNews(Metalogger.Event event) implements Command {}

    private record DoorOpened(@Nullable Throwable failure) implements Command {}

    private record AddressNews(VirtualIp.TakeReply reply) implements Command {}

    private record ProcessEnded(String how) implements Command {}

    /** What a dead program had sent and written has had time to be journaled. */
    private record LastChangesOverdue() implements Command {}

    private record LastChangesIn(
            LastChanges.@Nullable Result result, @Nullable Throwable failure) implements Command {}

    private record FeedGone() implements Command {}

    private record MetaloggerGone() implements Command {}

    private record Continue() implements Command {}

    private record AddressLost() implements Command {}

    private record LeaseWaitedOut() implements Command {}

    private record Overdue() implements Command {}

    private record InputRead(@Nullable Throwable failure) implements Command {}

    private record BarrierPassed(long nextVersion) implements Command {}

    private record Retreated(@Nullable Throwable failure) implements Command {}

    /** What the owner hears. */
    sealed interface Event {}

    record Serving() implements Event {}

    record Journaled(long nextVersion) implements Event {}

    /** @param nextVersion everything before it is journaled, and there is nothing else */
    record Drained(long nextVersion) implements Event {}

    record Ended(String reason) implements Event {}

    private enum Phase {
        PROMOTING,
        SERVING,
        DRAINING,
        DRAINED,
        LAST_CHANGES, // the program is dead or of no use, what it had is still being journaled
        RETREATING
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Surroundings around;
    private final Epoch epoch;
    private final String metadataId;
    private final ActorRef<StandbyFeed.Command> feed;
    private final ActorRef<Event> owner;
    private final Retreat retreat;

    private Phase phase = Phase.PROMOTING;
    private @Nullable Step underWay;
    private OptionalLong fence = OptionalLong.empty();
    private long fed = -1;
    private @Nullable Proof expected;
    private @Nullable Proof proven;
    private @Nullable StockProcess process;
    private boolean inSync;
    private long leaseUntil = Long.MIN_VALUE;
    private boolean doorOpen;
    private boolean addressTaken;
    private @Nullable ActorRef<Metalogger.Command> metalogger;
    private @Nullable ActorRef<ChangesWriter.Command> writer;
    private @Nullable ActorRef<MastershipLease.Command> lease;
    private long journaled = -1;
    private int still;
    private long lastBarrier = -1;
    private boolean retreating;
    private String reason = "";

    /** @param feed of a loaded standby; stopped by whoever started it */
    static Behavior<Command> create(
            Surroundings around,
            Epoch epoch,
            String metadataId,
            ActorRef<StandbyFeed.Command> feed,
            ActorRef<Event> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            var mastership = new Mastership(context, timers, around, epoch, metadataId, feed, owner);
            timers.startSingleTimer(new Overdue(), around.promotionTimeout());
            context.watchWith(feed, new FeedGone());
            context.getSystem()
                    .eventStream()
                    .tell(new EventStream.Subscribe<>(
                            AddressChanged.class,
                            context.messageAdapter(
                                    AddressChanged.class,
                                    change -> change.owned() ? new Continue() : new AddressLost())));
            return mastership.advance();
        }));
    }

    private Mastership(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Surroundings around,
            Epoch epoch,
            String metadataId,
            ActorRef<StandbyFeed.Command> feed,
            ActorRef<Event> owner) {
        super(context);
        this.context = context;
        context.setLoggerName(Mastership.class);
        this.timers = timers;
        this.around = around;
        this.epoch = epoch;
        this.metadataId = metadataId;
        this.feed = feed;
        this.owner = owner;
        this.retreat = new Retreat(around, epoch, context.getSystem());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Fenced fenced -> fenced(fenced);
            case Fed tail -> fed(tail.nextVersion());
            case Marked marked -> marked(marked.failure());
            case LetGo letGo -> letGo(letGo.process());
            case Verified verified -> verified(verified);
            case LeaseNews news -> lease(news.event());
            case StreamNews news -> stream(news.event());
            case DoorOpened opened -> doorOpened(opened.failure());
            case AddressNews news -> address(news.reply());
            case LeaseWaitedOut _, Continue _ -> advance();
            case ProcessEnded ended -> processEnded("mfsmaster ended: " + ended.how());
            case LastChangesIn in -> lastChangesIn(in);
            case LastChangesOverdue _ -> end(reason);
            case FeedGone _ -> feedGone();
            case MetaloggerGone _ when phase == Phase.LAST_CHANGES -> this; // it told why
            case MetaloggerGone _ -> end("following mfsmaster failed");
            case AddressLost _ when phase == Phase.SERVING -> end("the virtual IP was lost: its lease had ended");
            case AddressLost _ -> this;
            case Overdue _
            when phase == Phase.PROMOTING ->
                end("not serving after " + around.promotionTimeout().toMillis() + " ms, in step " + underWay);
            case Overdue _ when phase == Phase.DRAINING -> end("hand-over not finished in time");
            case Overdue _ -> this;
            case HandOver _ -> handOver();
            case InputRead read -> inputRead(read.failure());
            case BarrierPassed passed -> barrierPassed(passed.nextVersion());
            case Retreated retreated -> retreated(retreated.failure());
            case End end -> end(end.reason());
        };
    }

    private Progress progress() {
        long mayOpenAt = fence.isEmpty()
                ? Long.MAX_VALUE
                : around.raft().leaseWatch(Changes.PERSISTENCE_ID).mayOpenAt(around.lease());
        return new Progress(
                around.clock().getAsLong(),
                fence,
                fed,
                process != null,
                expected,
                proven,
                inSync,
                mayOpenAt,
                leaseUntil,
                doorOpen,
                addressTaken,
                underWay);
    }

    private Behavior<Command> advance() {
        if (phase != Phase.PROMOTING) {
            return this;
        }
        Step step = PromotionRule.next(progress());
        context.getLog().debug("epoch={} step={}", epoch, step);
        switch (step) {
            case Step.Wait _ -> {
                return this;
            }
            case Step.GiveUp giveUp -> {
                return end(giveUp.reason());
            }
            case Step.AwaitLease wait -> {
                underWay = null;
                long left = Math.max(0, wait.untilNanos() - around.clock().getAsLong());
                timers.startSingleTimer(new LeaseWaitedOut(), Duration.ofNanos(left));
            }
            case Step.Serve _ -> serve();
            default -> begin(step);
        }
        return this;
    }

    private void begin(Step step) {
        underWay = step;
        switch (step) {
            case Step.Fence _ -> context.pipeToSelf(around.raft().takeOver(Changes.PERSISTENCE_ID, epoch), Fenced::new);
            case Step.FeedTail tail ->
                feed.tell(new StandbyFeed.FeedUpTo(
                        tail.upTo(),
                        context.messageAdapter(StandbyFeed.Fed.class, done -> new Fed(done.nextVersion()))));
            case Step.LetGo _ ->
                context.pipeToSelf(
                        around.blocking(() -> around.directories().becomesMaster(epoch)),
                        (_, failure) -> new Marked(failure));
            case Step.Verify _ -> context.pipeToSelf(retreat.verify(), Verified::new);
            case Step.Follow _ -> follow();
            case Step.HoldLease _ -> {
                lease = context.spawn(
                        MastershipLease.create(
                                around.raft(),
                                Changes.PERSISTENCE_ID,
                                epoch,
                                around.lease(),
                                around.clock(),
                                context.messageAdapter(MastershipLease.Event.class, LeaseNews::new)),
                        "lease");
                context.watchWith(lease, new End("the keeper of the lease failed"));
            }
            case Step.OpenDoor _ -> context.pipeToSelf(around.door().open(), (_, failure) -> new DoorOpened(failure));
            case Step.TakeAddress _ ->
                around.virtualIp()
                        .tell(new VirtualIp.Take(
                                epoch,
                                leaseUntil,
                                context.messageAdapter(VirtualIp.TakeReply.class, AddressNews::new)));
            case Step.Wait _, Step.GiveUp _, Step.AwaitLease _, Step.Serve _ ->
                throw new IllegalStateException(step + " is nothing to begin");
        }
    }

    private Behavior<Command> fenced(Fenced fenced) {
        if (fenced.taken() == null) {
            return end("the journal refused the take-over: " + fenced.failure());
        }
        context.getLog().info("epoch={} older epochs fenced off", epoch);
        fence = OptionalLong.of(fenced.taken().highestSequenceNr());
        return advance();
    }

    private Behavior<Command> fed(long nextVersion) {
        context.getLog().info("epoch={} version={} standby has every change of the journal", epoch, nextVersion);
        fed = fence.orElseThrow();
        expected = new Proof(metadataId, nextVersion);
        return advance();
    }

    private Behavior<Command> marked(@Nullable Throwable failure) {
        if (failure != null) {
            underWay = null; // nothing was let go
            return end("cannot mark the directory as a master's: " + failure.getMessage());
        }
        if (phase == Phase.RETREATING) {
            return retreatNow();
        }
        feed.tell(new StandbyFeed.LetGo(
                context.messageAdapter(StandbyFeed.Released.class, released -> new LetGo(released.process()))));
        return this;
    }

    private Behavior<Command> letGo(StockProcess released) {
        process = released;
        retreat.owns(released);
        context.pipeToSelf(
                released.onExit(),
                (status, failure) -> new ProcessEnded(
                        failure == null ? howEnded(status, released.lastLines()) : failure.toString()));
        return phase == Phase.RETREATING ? retreatNow() : advance();
    }

    private static String howEnded(int status, List<String> lines) {
        return "status " + status + " (137: killed), its last words: "
                + lines.subList(Math.max(0, lines.size() - 2), lines.size());
    }

    private Behavior<Command> verified(Verified verified) {
        if (verified.answer() == null) {
            return end("promoted mfsmaster cannot be verified: " + verified.failure());
        }
        proven = new Proof(verified.answer().id().toString(), verified.answer().metadataVersion());
        context.getLog().info("promoted epoch={} version={} mfsmaster listens", epoch, proven.version());
        return advance();
    }

    private void follow() {
        long next = Objects.requireNonNull(expected).version();
        journaled = next;
        var started = context.spawn(ChangesWriter.create(epoch, next), "changes-writer");
        context.watchWith(started, new End("the writer of the journal ended"));
        writer = started;
        metalogger = context.spawn(
                Metalogger.create(
                        around.metaloggerTarget(metadataId),
                        next,
                        around.metaloggerSettings(),
                        started,
                        context.messageAdapter(Metalogger.Event.class, StreamNews::new)),
                "metalogger");
        context.watchWith(metalogger, new MetaloggerGone());
    }

    private Behavior<Command> stream(Metalogger.Event event) {
        return switch (event) {
            case Metalogger.InSync _ -> {
                inSync = true;
                yield advance();
            }
            case Metalogger.Journaled progress -> {
                journaled = progress.nextVersion();
                owner.tell(new Journaled(journaled));
                yield this;
            }
            case Metalogger.Ended ended ->
                lastChanges(reason.isEmpty() ? "changes are not journaled any more: " + ended.reason() : reason);
        };
    }

    private Behavior<Command> lease(MastershipLease.Event event) {
        return switch (event) {
            case MastershipLease.Held held -> held(held.until());
            case MastershipLease.Lapsed _ -> end("the lease ran out: no majority of the journal confirmed it in time");
            case MastershipLease.Refused refused -> end("deposed by epoch " + refused.current());
        };
    }

    private Behavior<Command> held(long until) {
        StockProcess running = process;
        if (running == null || phase == Phase.DRAINED || phase == Phase.LAST_CHANGES || phase == Phase.RETREATING) {
            return this;
        }
        leaseUntil = until;
        try {
            running.grantUntil(until);
        } catch (IOException gone) {
            return end("mfsmaster's tether is gone: " + gone.getMessage());
        }
        if (addressTaken || underWay instanceof Step.TakeAddress) {
            around.virtualIp().tell(new VirtualIp.Refresh(until));
        }
        return advance();
    }

    private Behavior<Command> doorOpened(@Nullable Throwable failure) {
        if (failure != null) {
            return end("the door to the network does not open: " + failure.getMessage());
        }
        doorOpen = true;
        return advance();
    }

    private Behavior<Command> address(VirtualIp.TakeReply reply) {
        return switch (reply) {
            case VirtualIp.Taken _ -> {
                addressTaken = true;
                yield advance();
            }
            case VirtualIp.TakeRefused refused -> end("virtual IP not taken: " + refused.reason());
        };
    }

    private void serve() {
        phase = Phase.SERVING;
        underWay = null;
        context.getLog().info("epoch={} serving", epoch);
        owner.tell(new Serving());
    }

    private Behavior<Command> handOver() {
        if (phase == Phase.LAST_CHANGES || phase == Phase.DRAINING || phase == Phase.DRAINED) {
            return this; // it ends in a moment, or was asked before
        }
        if (phase != Phase.SERVING) {
            return end("this node stops");
        }
        phase = Phase.DRAINING;
        context.getLog().info("epoch={} handing over: incoming packets blocked", epoch);
        timers.startSingleTimer(new Overdue(), around.promotionTimeout());
        context.pipeToSelf(retreat.shutAndAwaitInputRead(), (_, failure) -> new InputRead(failure));
        return this;
    }

    private Behavior<Command> inputRead(@Nullable Throwable failure) {
        return failure == null
                ? barrier()
                : end("hand-over failed, incoming packets not blocked: " + failure.getMessage());
    }

    private Behavior<Command> barrier() {
        if (metalogger != null && phase == Phase.DRAINING) {
            metalogger.tell(new Metalogger.Barrier(context.messageAdapter(
                    Metalogger.BarrierPassed.class, passed -> new BarrierPassed(passed.nextVersion()))));
        }
        return this;
    }

    /** Several barriers without a change between them: what was read before the block has been applied. */
    private Behavior<Command> barrierPassed(long nextVersion) {
        still = nextVersion == lastBarrier ? still + 1 : 0;
        lastBarrier = nextVersion;
        if (still < STILL) {
            return barrier();
        }
        if (phase != Phase.DRAINING) {
            return this;
        }
        phase = Phase.DRAINED;
        timers.cancel(new Overdue());
        stopLease();
        context.getLog().info("epoch={} version={} all changes journaled, giving the address up", epoch, nextVersion);
        context.pipeToSelf(retreat.giveUpAddressAndLease(), (_, failure) -> new Retreated(failure));
        return this;
    }

    /** The changes it had sent are still on their way through the metalogger, which ends by itself when it has them all. */
    private Behavior<Command> processEnded(String how) {
        switch (phase) {
            case PROMOTING, SERVING, DRAINING -> {
                if (metalogger == null) {
                    return end(how);
                }
                reason = how;
                timers.startSingleTimer(new LastChangesOverdue(), LAST_CHANGES);
            }
            case DRAINED, LAST_CHANGES, RETREATING -> context.getLog().debug("epoch={} {}", epoch, how);
        }
        return this;
    }

    /** Nothing comes from the program any more: what only its files have is journaled while the lease still holds. */
    private Behavior<Command> lastChanges(String why) {
        ActorRef<ChangesWriter.Command> storing = writer;
        if (storing == null
                || expected == null
                || !(phase == Phase.PROMOTING || phase == Phase.SERVING || phase == Phase.DRAINING)) {
            return end(why);
        }
        phase = Phase.LAST_CHANGES;
        reason = why;
        timers.startSingleTimer(new LastChangesOverdue(), LAST_CHANGES);
        var settings = around.metaloggerSettings();
        var files = new LastChanges(
                around.directories().master(),
                new JournalSink(storing, settings.appendTimeout(), context.getSystem()),
                settings);
        long start = expected.version();
        long next = journaled;
        context.pipeToSelf(
                around.supplied(() -> {
                    retreat.killProcess();
                    return files.journal(start, next);
                }),
                LastChangesIn::new);
        return this;
    }

    private Behavior<Command> lastChangesIn(LastChangesIn in) {
        LastChanges.Result result = in.result();
        if (result == null) {
            context.getLog()
                    .warn("epoch={} the changelog files of mfsmaster were not journaled: {}", epoch, in.failure());
            return end(reason);
        }
        result.tail().problems().forEach(problem -> context.getLog().warn("epoch={} {}", epoch, problem));
        context.getLog()
                .info(
                        "epoch={} version={} {} changes journaled that mfsmaster had written and not told",
                        epoch,
                        result.next(),
                        result.next() - journaled);
        journaled = result.next();
        owner.tell(new Journaled(journaled));
        return end(reason);
    }

    private Behavior<Command> feedGone() {
        if (process != null) {
            return this; // let go before
        }
        end("the standby ended before it was let go");
        return retreating ? this : retreatNow();
    }

    private void stopLease() {
        if (lease != null) {
            context.unwatch(lease);
            context.stop(lease);
            lease = null;
        }
    }

    private Behavior<Command> end(String why) {
        if (phase == Phase.RETREATING) {
            return this;
        }
        boolean drained = phase == Phase.DRAINED;
        reason = drained ? "handed over" : why;
        phase = Phase.RETREATING;
        stopLease();
        boolean beingLetGo = underWay instanceof Step.LetGo && process == null;
        return beingLetGo ? this : retreatNow(); // its process arrives with LetGo, or FeedGone
    }

    private Behavior<Command> retreatNow() {
        retreating = true;
        context.pipeToSelf(retreat.all(), (_, failure) -> new Retreated(failure));
        return this;
    }

    private Behavior<Command> retreated(@Nullable Throwable failure) {
        if (failure != null) {
            context.getLog().warn("epoch={} retreat: {}", epoch, failure.toString());
        }
        if (phase == Phase.DRAINED) {
            owner.tell(new Drained(lastBarrier));
            return this;
        }
        owner.tell(new Ended(reason));
        return Behaviors.stopped();
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            try {
                retreat.killProcess(); // again, and harmless: also when this actor failed
            } catch (IOException stuck) {
                context.getLog().error("epoch={} mfsmaster not killed: {}", epoch, stuck.getMessage());
            }
        }
        return this;
    }
}
