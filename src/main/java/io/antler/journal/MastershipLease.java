package io.antler.journal;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the mastership lease for one epoch: renews it, and tells its owner until when it is held.
 *
 * <pre>
 * not held ──renewal confirmed──► held ──end passed──► not held      any ──refused──► stopped
 * </pre>
 *
 * The owner must not rely on {@link Lapsed} arriving in time (a JVM that sleeps tells nobody): what serves must look at
 * the clock against {@link Held#until()} itself.
 */
public final class MastershipLease {
    public sealed interface Command {}

    /** Renews no more. Releases nothing: the lease runs out, or the owner releases it when it is silent. */
    public record Stop() implements Command {}

    private record Renew() implements Command {}

    private record Renewed(long sentAt) implements Command {}

    private record NotRenewed(Throwable failure) implements Command {}

    private record Overdue(long until) implements Command {}

    /** What the owner is told. */
    public sealed interface Event {}

    /** @param until {@code CLOCK_BOOTTIME} nanoseconds; grows with each one that is told */
    public record Held(long until) implements Event {}

    /** Held no longer, but still trying: a new {@link Held} under the same epoch may follow. */
    public record Lapsed() implements Event {}

    /** A newer epoch took over: final. */
    public record Refused(Epoch current) implements Event {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Supplier<CompletionStage<Done>> renewal;
    private final LeaseTerms terms;
    private final LongSupplier clock;
    private final ActorRef<? super Event> owner;
    private OptionalLong until = OptionalLong.empty();
    private String lastFailure = "none";

    private MastershipLease(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Supplier<CompletionStage<Done>> renewal,
            LeaseTerms terms,
            LongSupplier clock,
            ActorRef<? super Event> owner) {
        this.context = context;
        context.setLoggerName(MastershipLease.class);
        this.timers = timers;
        this.renewal = renewal;
        this.terms = terms;
        this.clock = clock;
        this.owner = owner;
    }

    /** @param clock {@code CLOCK_BOOTTIME} in nanoseconds, the one that the Raft group was started with */
    public static Behavior<Command> create(
            RaftGroup group,
            String persistenceId,
            Epoch epoch,
            LeaseTerms terms,
            LongSupplier clock,
            ActorRef<? super Event> owner) {
        return create(() -> group.renewLease(persistenceId, epoch), terms, clock, owner);
    }

    static Behavior<Command> create(
            Supplier<CompletionStage<Done>> renewal,
            LeaseTerms terms,
            LongSupplier clock,
            ActorRef<? super Event> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(new Renew(), Duration.ZERO, terms.renewInterval());
            return new MastershipLease(context, timers, renewal, terms, clock, owner).running();
        }));
    }

    private Behavior<Command> running() {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Renew _ -> renew();
            case Renewed renewed -> renewed(terms.holderEnd(renewed.sentAt()));
            case NotRenewed(EpochRefused refused) -> refused(refused);
            case NotRenewed(Throwable failure) -> notRenewed(failure);
            case Overdue overdue when until.isPresent() && until.getAsLong() == overdue.until() -> overdue();
            case Overdue _ -> Behaviors.same(); // renewed meanwhile
            case Stop _ -> Behaviors.stopped();
        });
    }

    /** Does not wait for the renewal before: that one may hang at a dead leader while this one finds the next. */
    private Behavior<Command> renew() {
        long sentAt = clock.getAsLong();
        context.pipeToSelf(
                renewal.get(), (_, failure) -> failure == null ? new Renewed(sentAt) : notRenewedBy(failure));
        return lapsed() ? lapse() : Behaviors.same();
    }

    private static Command notRenewedBy(Throwable failure) {
        @Nullable Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return new NotRenewed(cause == null ? failure : cause);
    }

    private Behavior<Command> renewed(long end) {
        if (lapsed()) {
            lapse();
        }
        long now = clock.getAsLong();
        if (end - now > 0 && (until.isEmpty() || end - until.getAsLong() > 0)) {
            until = OptionalLong.of(end);
            watch();
            owner.tell(new Held(end));
        }
        return Behaviors.same();
    }

    private Behavior<Command> notRenewed(Throwable failure) {
        lastFailure = String.valueOf(failure.getMessage());
        return Behaviors.same();
    }

    private Behavior<Command> refused(EpochRefused refused) {
        context.getLog()
                .info("epoch={} mastership lease refused, epoch {} took over", refused.epoch(), refused.current());
        owner.tell(new Refused(refused.current()));
        return Behaviors.stopped();
    }

    /** The timer's clock is not the lease's. */
    private Behavior<Command> overdue() {
        if (lapsed()) {
            return lapse();
        }
        watch();
        return Behaviors.same();
    }

    private void watch() {
        long end = until.orElseThrow();
        long remaining = Math.max(0, end - clock.getAsLong());
        timers.startSingleTimer(
                Overdue.class, new Overdue(end), Duration.ofNanos(remaining).plusMillis(1));
    }

    private boolean lapsed() {
        return until.isPresent() && until.getAsLong() - clock.getAsLong() <= 0;
    }

    private Behavior<Command> lapse() {
        until = OptionalLong.empty();
        timers.cancel(Overdue.class);
        context.getLog().warn("mastership lease has run out, still trying; last failure: {}", lastFailure);
        owner.tell(new Lapsed());
        return Behaviors.same();
    }
}
