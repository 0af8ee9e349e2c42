package io.antler.journal;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
    private final Histories histories;
    private final SideLeases sideLeases;
    private final Members members;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private volatile Runnable leaderLost = () -> {};
    private volatile long applied;
    private volatile long leaderTerm;

    Replica(EventStore store, LongSupplier clock) throws RocksDBException {
        this.store = store;
        this.applied = store.applied();
        this.histories = new Histories(store, clock);
        this.sideLeases = new SideLeases(store, clock);
        this.members = new Members(store);
    }

    Histories histories() {
        return histories;
    }

    SideLeases sideLeases() {
        return sideLeases;
    }

    Members members() {
        return members;
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
        Outcome outcome = apply(entries.getIndex(), Entry.decode(entries.getData()));
        if (entries.done() instanceof Proposal proposal) {
            proposal.applied(new Applied(entries.getIndex(), outcome));
        }
    }

    private Outcome apply(long index, Entry entry) throws RocksDBException {
        try (EventStore.Change change = store.change()) {
            Outcome outcome =
                    switch (entry) {
                        case Entry.OfEvents ofEvents -> histories.apply(ofEvents, change);
                        case Entry.OfSideLease ofSideLease -> sideLeases.apply(ofSideLease, change);
                        case Entry.OfMembers ofMembers -> members.apply(index, ofMembers, change);
                    };
            change.store(index);
            applied = index;
            return outcome;
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
        histories.arrivals().end(stopped);
    }
}
