package io.antler.vip;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.antler.journal.Epoch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Owns the virtual IP of this node: nobody else takes it or gives it up.
 *
 * <pre>
 * absent ──Take──► taking (probe, take, announce) ──► owned
 *    ▲               │ refused, lease over, GiveUp      │ lease over, GiveUp
 *    └───────────────┴──────────── giving up ◄──────────┘
 * </pre>
 *
 * Each wait while taking or owned ends with the lease at the latest. All times are nanoseconds of {@code CLOCK_BOOTTIME}.
 */
public final class VirtualIp {
    public sealed interface Command {}

    /** Answered once: when the address is announced here, or as soon as that cannot be. */
    public record Take(Epoch epoch, long leaseUntil, ActorRef<TakeReply> replyTo) implements Command {}

    /** The lease of the epoch that holds the address was renewed. Without effect when there is no address to keep. */
    public record Refresh(long leaseUntil) implements Command {}

    public record GiveUp(ActorRef<GivenUp> replyTo) implements Command {}

    public sealed interface TakeReply {}

    public record Taken(Epoch epoch) implements TakeReply {}

    /** The node does not have the address, and it is not coming. */
    public record TakeRefused(Epoch epoch, String reason) implements TakeReply {}

    /** The node does not have the address. */
    public record GivenUp() {}

    /** What ended or is due, of one attempt to take or to give up; those of an earlier one are not looked at. */
    private sealed interface Own extends Command {
        long attempt();
    }

    private record ProbeEnded(
            long attempt,
            Optional<MacAddress> owner,
            @Nullable Throwable failure) implements Own {}

    private record ProbeDue(long attempt) implements Own {}

    private record TakeEnded(long attempt, @Nullable Throwable failure) implements Own {}

    private record AnnounceEnded(
            long attempt, int left, @Nullable Throwable failure) implements Own {}

    private record AnnounceDue(long attempt, int left) implements Own {}

    private record RefreshEnded(long attempt, @Nullable Throwable failure) implements Own {}

    private record LeaseCheck(long attempt) implements Own {}

    private record GiveUpEnded(long attempt, @Nullable Throwable failure) implements Own {}

    private record GiveUpDue(long attempt) implements Own {}

    private record KernelRemoved(long attempt) implements Own {}

    /** @param foreignSince when an owner that is not this machine was first heard; null: not yet */
    private record Taking(
            Take take, long leaseUntil, @Nullable Long foreignSince) {
        Taking until(long end) {
            return new Taking(take, Math.max(leaseUntil, end), foreignSince);
        }

        Taking foreign(long since) {
            return new Taking(take, leaseUntil, since);
        }
    }

    private record Owned(Epoch epoch, long leaseUntil) {}

    private record GivingUp(Epoch epoch, List<ActorRef<GivenUp>> waiting) {}

    /** Timers stand still while a machine sleeps, the lease does not: so the clock is looked at this often. */
    private static final Duration LEASE_CHECK = Duration.ofMillis(250);

    /** So long a former owner's kernel may keep the address after the lease, without anything being wrong. */
    static final Duration FOREIGN_GRACE = Duration.ofNanos(Lifetime.MAX_EXTRA_NANOS);

    static final Duration PROBE_AGAIN_IN_GRACE = Duration.ofMillis(100);
    static final Duration PROBE_AGAIN = Duration.ofSeconds(1);
    static final Duration GIVE_UP_AGAIN = Duration.ofMillis(200);
    private static final Duration LAST_GIVE_UP = Duration.ofSeconds(1);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final VipProvider provider;
    private final int announcements;
    private final Duration announcementInterval;
    private final LongSupplier clock;
    private long attempt;

    private VirtualIp(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            VipProvider provider,
            VipSettings settings,
            LongSupplier clock) {
        this.context = context;
        context.setLoggerName(VirtualIp.class);
        this.timers = timers;
        this.provider = provider;
        this.announcements = settings.announcements();
        this.announcementInterval = settings.announcementInterval();
        this.clock = clock;
    }

    /**
     * The node does not have the address at this time: see {@link VipProvider#removeLeftover}.
     *
     * @param clock {@code CLOCK_BOOTTIME} in nanoseconds
     */
    public static Behavior<Command> create(VipProvider provider, VipSettings settings, LongSupplier clock) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new VirtualIp(context, timers, provider, settings, clock).absent()));
    }

    private Behavior<Command> absent() {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Take take -> take(take);
            case GiveUp giveUp -> {
                giveUp.replyTo().tell(new GivenUp());
                yield Behaviors.same();
            }
            case Refresh _ -> Behaviors.same(); // crossed a GiveUp
            case Own _ -> Behaviors.same();
        });
    }

    private Behavior<Command> take(Take take) {
        if (take.leaseUntil() <= clock.getAsLong()) {
            return refuse(take, "the lease has ended");
        }
        Taking taking = new Taking(take, take.leaseUntil(), null);
        attempt++;
        scheduleLeaseCheck(taking.leaseUntil());
        probe();
        return taking(taking);
    }

    private Behavior<Command> taking(Taking taking) {
        return receive(command -> switch (command) {
            case ProbeEnded ended -> probed(taking, ended);
            case ProbeDue _ -> {
                probe();
                yield Behaviors.same();
            }
            case TakeEnded ended -> {
                if (ended.failure() != null) {
                    yield abandon(taking, reason(ended.failure()));
                }
                announce(announcements);
                yield Behaviors.same();
            }
            case AnnounceEnded ended -> {
                announced(ended);
                yield taken(taking);
            }
            case LeaseCheck _ ->
                isOver(taking.leaseUntil()) ? abandon(taking, "the lease has ended") : Behaviors.same();
            case Refresh refresh -> taking(taking.until(refresh.leaseUntil()));
            case Take other ->
                refuse(other, "it is being taken for epoch " + taking.take().epoch());
            case GiveUp giveUp -> {
                refuse(taking.take(), "given up before it was taken");
                yield giveUp(taking.take().epoch(), taking.leaseUntil(), List.of(giveUp.replyTo()));
            }
            case Own _ -> Behaviors.same(); // too late to matter here
        });
    }

    private void probe() {
        pipe(
                provider.probe(),
                (of, owner, failure) -> new ProbeEnded(of, owner == null ? Optional.empty() : owner, failure));
    }

    private Behavior<Command> probed(Taking taking, ProbeEnded ended) {
        if (ended.failure() != null) {
            return abandon(taking, reason(ended.failure()));
        }
        if (ended.owner().isPresent()) {
            return waitFor(ended.owner().get(), taking);
        }
        pipe(provider.take(taking.leaseUntil()), (of, _, failure) -> new TakeEnded(of, failure));
        return Behaviors.same();
    }

    /** At first it is most likely the former master's machine, whose kernel takes the address away by itself. */
    private Behavior<Command> waitFor(MacAddress owner, Taking taking) {
        long now = clock.getAsLong();
        long since = taking.foreignSince() == null ? now : taking.foreignSince();
        boolean inGrace = now - since < FOREIGN_GRACE.toNanos();
        timers.startSingleTimer("probe", new ProbeDue(attempt), inGrace ? PROBE_AGAIN_IN_GRACE : PROBE_AGAIN);
        if (taking.foreignSince() == null) {
            log().warn(
                            "epoch={} address not yet free {} mac={}: waiting for its former owner",
                            taking.take().epoch(),
                            provider.description(),
                            owner);
        } else if (!inGrace) {
            log().error(
                            "epoch={} address not taken {} mac={}: another machine answers for it. Find the machine with this MAC"
                                    + " (ip neigh; the switch's table) and remove the address there: ip address delete."
                                    + " Antler asks again each second.",
                            taking.take().epoch(),
                            provider.description(),
                            owner);
        }
        return taking(taking.foreign(since));
    }

    private Behavior<Command> taken(Taking taking) {
        Take take = taking.take();
        log().info("epoch={} address taken {}", take.epoch(), provider.description());
        publish(true);
        take.replyTo().tell(new Taken(take.epoch()));
        return owned(new Owned(take.epoch(), taking.leaseUntil()));
    }

    private Behavior<Command> owned(Owned owned) {
        return receive(command -> switch (command) {
            case Refresh refresh -> refresh(owned, refresh.leaseUntil());
            case RefreshEnded ended -> refreshed(owned, ended);
            case AnnounceDue due -> {
                announce(due.left());
                yield Behaviors.same();
            }
            case AnnounceEnded ended -> {
                announced(ended);
                yield Behaviors.same();
            }
            case LeaseCheck _ -> {
                if (!isOver(owned.leaseUntil())) {
                    yield Behaviors.same();
                }
                log().warn("epoch={} address given up: the lease has ended", owned.epoch());
                yield giveUp(owned.epoch(), owned.leaseUntil(), List.of());
            }
            case GiveUp giveUp -> giveUp(owned.epoch(), owned.leaseUntil(), List.of(giveUp.replyTo()));
            case Take again
            when again.epoch().equals(owned.epoch()) -> {
                again.replyTo().tell(new Taken(owned.epoch()));
                yield refresh(owned, again.leaseUntil());
            }
            case Take other -> refuse(other, "it is held for epoch " + owned.epoch());
            case Own _ -> Behaviors.same(); // too late to matter here
        });
    }

    /** A lease that has ended is not refreshed: the check that follows gives the address up. */
    private Behavior<Command> refresh(Owned owned, long leaseUntil) {
        if (leaseUntil <= owned.leaseUntil() || leaseUntil <= clock.getAsLong()) {
            return Behaviors.same();
        }
        pipe(provider.refresh(leaseUntil), (of, _, failure) -> new RefreshEnded(of, failure));
        return owned(new Owned(owned.epoch(), leaseUntil));
    }

    private Behavior<Command> refreshed(Owned owned, RefreshEnded ended) {
        if (ended.failure() != null) {
            log().warn(
                            "epoch={} address not refreshed, so the kernel soon removes it: {}. The next renewal of the lease tries again.",
                            owned.epoch(),
                            reason(ended.failure()));
        }
        return Behaviors.same();
    }

    private void announce(int left) {
        pipe(provider.announce(), (of, _, failure) -> new AnnounceEnded(of, left - 1, failure));
    }

    private void announced(AnnounceEnded ended) {
        if (ended.failure() != null) {
            log().warn("address not announced: {}. Peers may still send to its former owner.", reason(ended.failure()));
        }
        if (ended.left() > 0) {
            timers.startSingleTimer("announce", new AnnounceDue(attempt, ended.left()), announcementInterval);
        }
    }

    /** Whether the node has the address now is not known here, so it is given up before anything else happens. */
    private Behavior<Command> abandon(Taking taking, String reason) {
        refuse(taking.take(), reason);
        return giveUp(taking.take().epoch(), taking.leaseUntil(), List.of());
    }

    private Behavior<Command> refuse(Take take, String reason) {
        log().warn("epoch={} address not taken {}: {}", take.epoch(), provider.description(), reason);
        take.replyTo().tell(new TakeRefused(take.epoch(), reason));
        return Behaviors.same();
    }

    private Behavior<Command> giveUp(Epoch epoch, long leaseUntil, List<ActorRef<GivenUp>> waiting) {
        timers.cancelAll();
        attempt++;
        long rest = Math.max(0, leaseUntil - clock.getAsLong()) + Lifetime.MAX_EXTRA_NANOS;
        timers.startSingleTimer("removed", new KernelRemoved(attempt), Duration.ofNanos(rest));
        remove();
        return givingUp(new GivingUp(epoch, waiting));
    }

    private void remove() {
        pipe(provider.giveUp(), (of, _, failure) -> new GiveUpEnded(of, failure));
    }

    private Behavior<Command> givingUp(GivingUp givingUp) {
        return receive(command -> switch (command) {
            case GiveUpEnded ended -> {
                if (ended.failure() == null) {
                    yield givenUp(givingUp, "");
                }
                log().warn("epoch={} address not yet given up: {}", givingUp.epoch(), reason(ended.failure()));
                timers.startSingleTimer("give up", new GiveUpDue(attempt), GIVE_UP_AGAIN);
                yield Behaviors.same();
            }
            case GiveUpDue _ -> {
                remove();
                yield Behaviors.same();
            }
            case KernelRemoved _ -> givenUp(givingUp, " (by the kernel, its lifetime is over)");
            case GiveUp another ->
                givingUp(new GivingUp(
                        givingUp.epoch(),
                        Stream.concat(givingUp.waiting().stream(), Stream.of(another.replyTo()))
                                .toList()));
            case Take take -> refuse(take, "it is just being given up for epoch " + givingUp.epoch());
            case Refresh _ -> Behaviors.same();
            case Own _ -> Behaviors.same(); // too late to matter here
        });
    }

    private Behavior<Command> givenUp(GivingUp givingUp, String how) {
        timers.cancelAll();
        log().info("epoch={} address given up {}{}", givingUp.epoch(), provider.description(), how);
        publish(false);
        givingUp.waiting().forEach(replyTo -> replyTo.tell(new GivenUp()));
        return absent();
    }

    /** As {@code Behaviors.receiveMessage}, in the states in which the machine may have the address. */
    private Behavior<Command> receive(Function<Command, Behavior<Command>> onMessage) {
        return Behaviors.receive(
                (_, command) -> command instanceof Own own && own.attempt() != attempt
                        ? Behaviors.same()
                        : onMessage.apply(command),
                (_, signal) -> onSignal(signal));
    }

    private interface Ended<T> {
        Own message(long attempt, @Nullable T value, @Nullable Throwable failure);
    }

    private <T> void pipe(CompletionStage<T> call, Ended<T> ended) {
        long current = attempt; // the callback runs on another thread
        context.pipeToSelf(call, (value, failure) -> ended.message(current, value, failure));
    }

    /** Nothing else happens any more in this actor, so it may wait a moment. */
    private Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            try {
                Done _ = provider.giveUp().toCompletableFuture().get(LAST_GIVE_UP.toMillis(), TimeUnit.MILLISECONDS);
                log().info("address given up {}: this node stops", provider.description());
            } catch (ExecutionException | TimeoutException | RuntimeException failure) {
                log().warn("address not given up at the stop, so the kernel removes it soon: {}", reason(failure));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
            publish(false);
        }
        return Behaviors.same();
    }

    private boolean isOver(long leaseUntil) {
        if (leaseUntil <= clock.getAsLong()) {
            return true;
        }
        scheduleLeaseCheck(leaseUntil);
        return false;
    }

    private void scheduleLeaseCheck(long leaseUntil) {
        long left = Math.max(0, leaseUntil - clock.getAsLong());
        timers.startSingleTimer(
                "lease", new LeaseCheck(attempt), Duration.ofNanos(Math.min(left, LEASE_CHECK.toNanos())));
    }

    private void publish(boolean owned) {
        context.getSystem().eventStream().tell(new EventStream.Publish<>(new AddressChanged(owned)));
    }

    private Logger log() {
        return context.getLog();
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage() != null ? cause.getMessage() : cause);
    }
}
