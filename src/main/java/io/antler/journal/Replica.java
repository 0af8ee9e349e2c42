package io.antler.journal;

import static io.antler.invariant.Invariant.EPOCH_GROWS;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import io.antler.journal.EventStore.Meta;
import io.antler.journal.Fence.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the log to this node's store, in JRaft's one thread for it. What an entry comes to depends on nothing but the
 * entries before it; only the {@link LeaseWatch}es are this node's own.
 *
 * <p>An entry that cannot be applied is never skipped: the replica stops, and so must the node.
 */
final class Replica extends StateMachineAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private final EventStore store;
    private final LongSupplier clock;
    private final Map<String, Meta> metas;
    private final Map<String, LeaseWatch> leases;
    private final Arrivals arrivals = new Arrivals();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private volatile Runnable leaderLost = () -> {};
    private volatile long applied;
    private volatile long leaderTerm;

    Replica(EventStore store, LongSupplier clock) throws RocksDBException {
        this.store = store;
        this.clock = clock;
        this.applied = store.applied();
        this.metas = new ConcurrentHashMap<>(store.metas());
        long now = clock.getAsLong();
        this.leases = new ConcurrentHashMap<>(metas.entrySet().stream()
                .filter(meta -> meta.getValue().fence().epoch().compareTo(Epoch.NONE) > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, _ -> LeaseWatch.started(now))));
    }

    Meta meta(String persistenceId) {
        return metas.getOrDefault(persistenceId, Meta.NONE);
    }

    Set<String> persistenceIds() {
        return Set.copyOf(metas.keySet());
    }

    LeaseWatch leaseWatch(String persistenceId) {
        return leases.getOrDefault(persistenceId, LeaseWatch.NONE);
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Index of the last entry that is visible to readers here. */
    long applied() {
        return applied;
    }

    /** Term in which this peer leads and has applied everything before; 0 while it does not. */
    long leaderTerm() {
        return leaderTerm;
    }

    /** Called on the applying thread. */
    void onLeaderLost(Runnable listener) {
        leaderLost = listener;
    }

    void onFailure(Consumer<Throwable> listener) {
        var _ = failure.thenAccept(listener);
    }

    @Override
    public void onApply(Iterator entries) {
        while (entries.hasNext()) {
            try {
                if (entries.getIndex() > applied) {
                    apply(entries);
                }
            } catch (RocksDBException | RuntimeException | Error e) {
                failed("log entry " + entries.getIndex() + " not applied", e);
                entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", e.getMessage()));
                return;
            }
            entries.next();
        }
    }

    private void apply(Iterator entries) throws RocksDBException {
        Entry entry = Entry.decode(entries.getData());
        Verdict verdict = apply(entries.getIndex(), entry);
        if (entries.done() instanceof Proposal proposal) {
            proposal.applied(new Applied(entries.getIndex(), verdict));
        }
    }

    private Verdict apply(long index, Entry entry) throws RocksDBException {
        String persistenceId = entry.persistenceId();
        Meta before = meta(persistenceId);
        Meta after = before;
        Verdict verdict = decide(before, entry);
        try (EventStore.Change change = store.change()) {
            if (verdict instanceof Verdict.Accepted accepted) {
                after = new Meta(accepted.after(), before.deletedTo());
                EPOCH_GROWS.check(
                        after.fence().epoch().compareTo(before.fence().epoch()) >= 0,
                        "%s: epoch %s after %s",
                        persistenceId,
                        after.fence().epoch(),
                        before.fence().epoch());
                if (entry instanceof Entry.Append append && !accepted.after().equals(before.fence())) {
                    change.append(persistenceId, append.first(), append.events());
                }
                if (entry instanceof Entry.DeleteTo delete) {
                    long last = Math.min(delete.last(), before.fence().highest());
                    if (last > before.deletedTo()) {
                        change.deleteRange(persistenceId, before.deletedTo() + 1, last);
                        after = new Meta(before.fence(), last);
                    }
                }
                if (!after.equals(before)) {
                    change.meta(persistenceId, after);
                }
            }
            change.store(index);
        }
        if (verdict instanceof Verdict.Accepted) {
            watch(entry, before.fence());
        }
        metas.put(persistenceId, after);
        applied = index;
        if (after.fence().highest() > before.fence().highest()) {
            arrivals.arrived(persistenceId);
        }
        return verdict;
    }

    private Verdict decide(Meta before, Entry entry) throws RocksDBException {
        Fence fence = before.fence();
        return switch (entry) {
            case Entry.Append append -> {
                Verdict verdict = fence.append(
                        append.writer(), append.first(), append.events().size());
                yield !(verdict instanceof Verdict.Accepted)
                                && store.holds(append.persistenceId(), append.first(), append.events())
                        ? new Verdict.Accepted(fence) // a retry of what is stored already
                        : verdict;
            }
            case Entry.TakeOver takeOver -> fence.takeOver(takeOver.epoch());
            case Entry.RenewLease renew -> fence.lease(renew.epoch());
            case Entry.ReleaseLease release -> fence.lease(release.epoch());
            case Entry.DeleteTo _ -> new Verdict.Accepted(fence);
        };
    }

    /** The time of applying is never earlier than that of receiving, so a successor waits rather too long. */
    private void watch(Entry entry, Fence before) {
        LeaseWatch watch = leaseWatch(entry.persistenceId());
        LeaseWatch after =
                switch (entry) {
                    case Entry.TakeOver takeOver -> takeOver.epoch().equals(before.epoch()) ? watch : watch.fenced();
                    case Entry.RenewLease _ -> watch.renewed(clock.getAsLong());
                    case Entry.ReleaseLease _ -> watch.released();
                    case Entry.Append _, Entry.DeleteTo _ -> watch;
                };
        if (!after.equals(watch)) {
            leases.put(entry.persistenceId(), after);
        }
    }

    @Override
    public void onLeaderStart(long term) {
        leaderTerm = term;
        LOG.info("term={} this node leads the journal", term);
    }

    @Override
    public void onLeaderStop(Status status) {
        leaderTerm = 0;
        LOG.info("this node leads the journal no longer: {}", status.getErrorMsg());
    }

    @Override
    public void onStopFollowing(LeaderChangeContext context) {
        leaderLost.run();
    }

    @Override
    public void onError(RaftException e) {
        failed("the journal of this node has stopped", e);
    }

    private void failed(String what, @Nullable Throwable cause) {
        var stopped = new IllegalStateException(
                what + ": " + (cause == null ? "" : cause.getMessage())
                        + "; check disk space and the disk of this node",
                cause);
        leaderTerm = 0;
        failure.complete(stopped);
        arrivals.end(stopped);
    }
}
