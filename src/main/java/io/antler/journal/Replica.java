package io.antler.journal;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.antler.journal.disk.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
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
    private static final Set<ErrorType> OF_DISK =
            Set.of(ErrorType.ERROR_TYPE_LOG, ErrorType.ERROR_TYPE_META, ErrorType.ERROR_TYPE_SNAPSHOT);

    /** How a write to the store is run: again and again while the disk is full. */
    @FunctionalInterface
    interface Storing {
        void run(Space.Write write) throws RocksDBException;
    }

    /** What is stored together with each applied entry. */
    @FunctionalInterface
    interface Companion {
        void add(long index, EventStore.Change change) throws RocksDBException;
    }

    private final EventStore store;
    private final Histories histories;
    private final SideLeases sideLeases;
    private final Members members;
    private final ActorSnapshots actorSnapshots;
    private final JournalSnapshots snapshots;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private volatile Runnable leaderLost = () -> {};
    private final AtomicLong appliedEarly = new AtomicLong();
    private volatile LongConsumer onApplied = appliedEarly::addAndGet;
    private volatile Runnable leaderFound = () -> {};
    private volatile Storing storing = Space.Write::run;
    private volatile Companion companion = (_, _) -> {};
    private volatile long applied;
    private volatile long leaderTerm;

    Replica(EventStore store, LongSupplier clock) throws RocksDBException {
        this.store = store;
        this.applied = store.applied();
        this.histories = new Histories(store, clock);
        this.sideLeases = new SideLeases(store, clock);
        this.members = new Members(store);
        this.actorSnapshots = new ActorSnapshots(store);
        this.snapshots = new JournalSnapshots(store, List.of(histories, sideLeases, members));
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

    ActorSnapshots actorSnapshots() {
        return actorSnapshots;
    }

    boolean isNewerThanSnapshot() {
        return applied > snapshots.lastIndex();
    }

    JournalSnapshots snapshots() {
        return snapshots;
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

    /** Called on the applying thread with the bytes of each entry, also of those that were applied before this start. */
    void onApplied(LongConsumer listener) {
        onApplied = listener;
        listener.accept(appliedEarly.getAndSet(0)); // the library applies before it has returned from its start
    }

    /** Called on the applying thread when another leader is known, or this peer leads. */
    void onLeaderFound(Runnable listener) {
        leaderFound = listener;
    }

    void storing(Storing how) {
        storing = how;
    }

    void with(Companion each) {
        companion = each;
    }

    void onFailure(Consumer<Throwable> listener) {
        var _ = failure.thenAccept(listener);
    }

    @Override
    public void onApply(Iterator entries) {
        while (entries.hasNext()) {
            try {
                ByteBuffer data = entries.getData();
                if (entries.getIndex() > applied) {
                    apply(entries, data);
                }
                onApplied.accept(data.remaining());
            } catch (RocksDBException | RuntimeException | Error e) {
                String what = "log entry " + entries.getIndex() + " not applied";
                failed(what, e instanceof RocksDBException rocks ? store.failed(what, rocks) : e);
                entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", e.getMessage()));
                return;
            }
            entries.next();
        }
    }

    private void apply(Iterator entries, ByteBuffer data) throws RocksDBException {
        Outcome outcome = apply(entries.getIndex(), Entry.decode(data));
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
                        case Entry.OfSnapshots ofSnapshots -> actorSnapshots.apply(ofSnapshots, change);
                    };
            store(index, change);
            return outcome;
        }
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        try {
            applyUpTo(writer.getCurrentMeta().getLastIncludedIndex());
            snapshots.save(writer, writer.getCurrentMeta(), done);
        } catch (RocksDBException | RuntimeException e) {
            done.run(new Status(RaftError.EBUSY, "%s", e.getMessage()));
        }
    }

    /** Entries of the library's own, such as the one that each leader begins with, change nothing here but count. */
    private void applyUpTo(long index) throws RocksDBException {
        if (applied < index) {
            try (EventStore.Change change = store.change()) {
                store(index, change);
            }
        }
    }

    private void store(long index, EventStore.Change change) throws RocksDBException {
        companion.add(index, change);
        storing.run(() -> change.store(index));
        applied = index;
    }

    /** At the start with this node's own last snapshot, later with one from the leader. */
    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        try {
            snapshots.load(reader);
            applied = store.applied();
            return true;
        } catch (IOException | RocksDBException | RuntimeException e) {
            LOG.error("the journal of this node cannot go on: {}", e.getMessage());
            failed("snapshot of the journal not loaded", e);
            return false;
        }
    }

    @Override
    public void onLeaderStart(long term) {
        leaderTerm = term;
        LOG.info("term={} this node leads the journal", term);
        leaderFound.run();
    }

    @Override
    public void onStartFollowing(LeaderChangeContext context) {
        leaderFound.run();
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

    /** A read found this node's store damaged: when the node starts again it can repair it. */
    void damaged(JournalDamaged cause) {
        failed("the journal of this node has stopped", cause);
    }

    /** What fits the failure; nothing where its message says it already. */
    private static String advice(Throwable cause) {
        boolean told = cause instanceof JournalDamaged || cause.getCause() instanceof RocksDBException;
        boolean ofDisk = cause instanceof IOException
                || cause instanceof RocksDBException
                || (cause instanceof RaftException raft && OF_DISK.contains(raft.getType()));
        return told
                ? ""
                : ofDisk
                        ? "; check disk space and the disk of this node"
                        : "; start this node again, and report it with its log if it comes back";
    }

    private void failed(String what, Throwable cause) {
        var stopped = new IllegalStateException(what + ": " + cause.getMessage() + advice(cause), cause);
        leaderTerm = 0;
        failure.complete(stopped);
        histories.arrivals().end(stopped);
    }

    /** To be called when nothing is applied any more. */
    void close() {
        snapshots.close();
    }
}
