package io.antler.journal;

import akka.actor.Cancellable;
import akka.actor.ExtendedActorSystem;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Akka's coordination lease on the {@link RaftGroup}: only the side of a partition that has Raft's majority can get it.
 * The split brain resolver and the cluster singleton use it. Made by Akka from the configuration {@code
 * antler.journal.side-lease}.
 *
 * <p>The owner counts {@code heartbeat-timeout} from the sending of its last confirmed renewal; another one counts it, and
 * the drift on top, from the moment its own replica saw that renewal. Each operation ends within
 * {@code antler.journal.timeout}, with {@link OutcomeNotKnown} when there is no majority.
 */
public final class SideLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(SideLease.class);

    private final LeaseSettings settings;
    private final RaftGroup group;
    private final ExtendedActorSystem system;
    private final Duration length;
    private final Duration renewInterval;
    private final Duration waitedOut;
    private final AtomicReference<@Nullable Tenure> tenure = new AtomicReference<>();

    public SideLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        this.system = system;
        group = RaftSetup.groupOf(system);
        length = settings.leaseConfig().getDuration("heartbeat-timeout");
        renewInterval = settings.leaseConfig().getDuration("heartbeat-interval");
        double drift = system.settings().config().getDouble("antler.lease.drift");
        waitedOut = Duration.ofNanos((long) Math.ceil(length.toNanos() * (1 + drift)));
    }

    /** One time of holding the lease, from its acquiring to its loss or release. */
    private final class Tenure {
        private final Consumer<Optional<Throwable>> lost;
        private final Cancellable renewals;
        private volatile long until;
        private volatile long turn;

        Tenure(long until, long turn, Consumer<Optional<Throwable>> lost) {
            this.until = until;
            this.turn = turn;
            this.lost = lost;
            renewals = system.scheduler()
                    .scheduleAtFixedRate(renewInterval, renewInterval, this::renew, system.dispatcher());
        }

        boolean runs() {
            return until - group.now() > 0;
        }

        private void renew() {
            if (!runs()) {
                lose(Optional.of(new OutcomeNotKnown("side lease " + name() + " not renewed in time")));
                return;
            }
            long sentAt = group.now();
            var _ = group.ask(new Entry.RenewSideLease(name(), owner())).whenComplete((answer, failure) -> {
                switch (answer) {
                    case SideLeases.Taken taken -> {
                        until = Math.max(until, sentAt + length.toNanos());
                        turn = Math.max(turn, taken.turn());
                    }
                    case SideLeases.HeldBy _ -> lose(Optional.empty());
                    case null -> LOG.debug("side lease {} not renewed: {}", name(), failure.getMessage());
                }
            });
        }

        private void lose(Optional<Throwable> reason) {
            if (tenure.compareAndSet(this, null)) {
                renewals.cancel();
                LOG.warn(
                        "side lease {} is lost: {}",
                        name(),
                        reason.map(Throwable::getMessage).orElse("taken"));
                lost.accept(reason);
            }
        }
    }

    private String name() {
        return settings.leaseName();
    }

    private String owner() {
        return settings.ownerName();
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(_ -> {});
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        long sentAt = group.now();
        long ranOut = group.sideLease(name()).ranOut(sentAt, waitedOut);
        return group.ask(new Entry.TakeSideLease(name(), owner(), ranOut)).thenApply(answer -> switch (answer) {
            case SideLeases.Taken taken -> begin(new Tenure(sentAt + length.toNanos(), taken.turn(), lost));
            case SideLeases.HeldBy held -> {
                LOG.info("side lease {} not acquired, {} holds it", name(), held.owner());
                yield false;
            }
        });
    }

    private boolean begin(Tenure begun) {
        end(tenure.getAndSet(begun));
        return begun.runs();
    }

    private static void end(@Nullable Tenure ended) {
        if (ended != null) {
            ended.renewals.cancel();
        }
    }

    /**
     * True also when it was not held. A renewal that overtakes it leaves the lease to run out.
     */
    @Override
    public CompletionStage<Boolean> release() {
        Tenure ended = tenure.getAndSet(null);
        end(ended);
        long seen = group.sideLease(name()).lastOf(owner());
        long last = ended == null ? seen : Math.max(seen, ended.turn);
        return group.ask(new Entry.ReleaseSideLease(name(), owner(), last)).thenApply(_ -> true);
    }

    @Override
    public boolean checkLease() {
        Tenure current = tenure.get();
        return current != null && current.runs();
    }
}
