package io.antler.restore;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.query.EventEnvelope;
import akka.stream.javadsl.Source;
import akka.stream.typed.javadsl.ActorSink;
import io.antler.metalogger.ChangesBatch;
import io.antler.moosefs.Change;
import io.antler.moosefs.StockProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds one hot standby with the changes of the local replica, until it is let go or ends. Writes files, so it runs on
 * a dispatcher of its own.
 */
public final class StandbyFeed extends AbstractOnMessageBehavior<StandbyFeed.Command> {
    private static final Duration PROGRESS = Duration.ofMillis(100);
    private static final Duration PROGRESS_IN_PROMOTION = Duration.ofMillis(5);

    public sealed interface Command {}

    /** Answered when the standby has applied every change up to this event of the journal (0: none). */
    public record FeedUpTo(long sequenceNr, ActorRef<Fed> replyTo) implements Command {}

    /** Lets the standby come to the end of its changes, so that it opens its ports. Nothing is fed any more. */
    public record LetGo(ActorRef<Released> replyTo) implements Command {}

    private record StandbyLoaded() implements Command {}

    private record StandbyEnded(String reason) implements Command {}

    private record StreamStarted(ActorRef<Done> acknowledge) implements Command {}

    private record Batch(long sequenceNr, ChangesBatch batch, ActorRef<Done> acknowledge) implements Command {}

    private record StreamEnded(@Nullable Throwable failure) implements Command {}

    private record Tick() implements Command {}

    /** @param nextVersion version of the metadata that the standby has now */
    public record Fed(long nextVersion) {}

    /** The process is the caller's from now on: whoever gets it ends it. */
    public record Released(StockProcess process) {}

    /** What the owner hears. */
    public sealed interface Event {}

    public record Loaded() implements Event {}

    /**
     * How far it is.
     *
     * @param journaled version after the last change of the local replica
     * @param replayed version that the standby has reached
     */
    public record Progress(long journaled, long replayed) implements Event {}

    public record Ended(String reason) implements Event {}

    /** Starts a standby; blocks. */
    public interface Starter {
        HotStandby start(HotStandby.Listener listener) throws IOException;
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ActorRef<Event> owner;
    private final HotStandby standby;
    private long fedVersion;
    private long fedSequenceNr;
    private boolean loaded;
    private boolean released;
    private @Nullable FeedUpTo pending;

    /**
     * A standby fed from the first event on; changes before the checkpoint's version are passed over.
     *
     * @param checkpointVersion version of the image that the standby starts from
     * @param changes all events of the changes, live, in order
     */
    public static Behavior<Command> create(
            Starter starter, long checkpointVersion, Source<EventEnvelope, ?> changes, ActorRef<Event> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorRef<Command> self = context.getSelf();
            HotStandby standby;
            try {
                standby = starter.start(listener(self));
            } catch (IOException failure) {
                owner.tell(new Ended("standby not started: " + failure.getMessage()));
                return Behaviors.stopped();
            }
            return new StandbyFeed(context, timers, owner, standby, checkpointVersion, changes);
        }));
    }

    private static HotStandby.Listener listener(ActorRef<Command> self) {
        return new HotStandby.Listener() {
            @Override
            public void loaded() {
                self.tell(new StandbyLoaded());
            }

            @Override
            public void ended(int exit, List<String> lastLines) {
                self.tell(new StandbyEnded("standby ended with status " + exit + ": " + lastLines));
            }
        };
    }

    private StandbyFeed(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<Event> owner,
            HotStandby standby,
            long checkpointVersion,
            Source<EventEnvelope, ?> changes) {
        super(context);
        this.context = context;
        context.setLoggerName(StandbyFeed.class);
        this.timers = timers;
        this.owner = owner;
        this.standby = standby;
        this.fedVersion = checkpointVersion;
        changes.runWith(
                ActorSink.actorRefWithBackpressure(
                        context.getSelf(),
                        (acknowledge, envelope) ->
                                new Batch(envelope.sequenceNr(), (ChangesBatch) envelope.event(), acknowledge),
                        StreamStarted::new,
                        Done.getInstance(),
                        new StreamEnded(null),
                        StreamEnded::new),
                context.getSystem());
        timers.startTimerWithFixedDelay(Tick.class, new Tick(), PROGRESS);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case StreamStarted started -> acknowledged(started.acknowledge());
            case Batch batch -> fed(batch);
            case StandbyLoaded _ -> loaded();
            case FeedUpTo feed -> feedUpTo(feed);
            case LetGo letGo -> letGo(letGo);
            case Tick _ -> progress();
            case StandbyEnded ended -> ended(ended.reason());
            case StreamEnded ended -> ended("the journal's changes ended: " + ended.failure());
        };
    }

    private Behavior<Command> acknowledged(ActorRef<Done> acknowledge) {
        acknowledge.tell(Done.getInstance());
        return this;
    }

    private Behavior<Command> fed(Batch event) {
        if (released) {
            return this; // the next change of our own mastership; not acknowledged, so the stream waits until we stop
        }
        List<Change> news = new ArrayList<>();
        long version = event.batch().firstVersion();
        for (String text : event.batch().texts()) {
            if (version >= fedVersion) {
                news.add(new Change(version, text));
            }
            version++;
        }
        if (!news.isEmpty()) {
            try {
                standby.append(news);
            } catch (IOException failure) {
                return ended("changes not appended: " + failure.getMessage());
            }
            fedVersion = version;
        }
        fedSequenceNr = event.sequenceNr();
        return acknowledged(event.acknowledge());
    }

    private Behavior<Command> loaded() {
        loaded = true;
        owner.tell(new Loaded());
        return progress();
    }

    private Behavior<Command> feedUpTo(FeedUpTo feed) {
        pending = feed;
        timers.startTimerWithFixedDelay(Tick.class, new Tick(), PROGRESS_IN_PROMOTION);
        return progress();
    }

    private Behavior<Command> progress() {
        if (released || !loaded) {
            return this;
        }
        long replayed = standby.replayed();
        owner.tell(new Progress(fedVersion, replayed));
        FeedUpTo feed = pending;
        if (feed != null && fedSequenceNr >= feed.sequenceNr() && replayed == fedVersion) {
            pending = null;
            feed.replyTo().tell(new Fed(fedVersion));
        }
        return this;
    }

    private Behavior<Command> letGo(LetGo letGo) {
        timers.cancel(Tick.class);
        try {
            standby.promote();
        } catch (IOException failure) {
            return ended("not let go: " + failure.getMessage());
        }
        released = true;
        letGo.replyTo().tell(new Released(standby.process()));
        return this;
    }

    private Behavior<Command> ended(String reason) {
        if (released) {
            return this;
        }
        owner.tell(new Ended(reason));
        return Behaviors.stopped();
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && !released) {
            try {
                standby.close();
            } catch (IOException failure) {
                context.getLog().error("standby not closed: {}", failure.getMessage());
            }
        }
        return this;
    }
}
