package io.antler.journal;

import static io.antler.journal.Stages.plain;

import akka.Done;
import akka.util.ByteString;
import io.antler.journal.Fence.Verdict;
import io.antler.journal.disk.RaftStorage;
import io.antler.journal.disk.SyncTimes;
import io.antler.journal.transport.Network;
import io.antler.journal.transport.Security;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's peer of the group that holds the journal. Lies under Akka: start it before the actor system, close it after.
 *
 * <p>Any thread may call. Every stage completes on a thread of the journal that may be used for short work; it fails with
 * the exception named here itself (not wrapped), or with {@link OutcomeNotKnown} after {@link RaftSettings#timeout()}, or with {@link DiskFull} when nobody has space. What is asked of the leader is sent again across
 * changes of leadership; all of it is idempotent.
 */
public final class RaftGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftGroup.class);

    private final RaftSettings settings;
    private final LongSupplier clock;
    private final EventStore store;
    private final Replica replica;
    private final RaftPeer peer;
    private final Enrolment enrolment;
    private final DiskWatch disk;
    private final JournalMetrics metrics;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, Threads.daemon("antler-journal"));
    private final Attempts attempts;
    private final SnapshotTrigger trigger;
    private boolean closed;

    private RaftGroup(
            RaftSettings settings,
            LongSupplier clock,
            EventStore store,
            Replica replica,
            DiskWatch disk,
            RaftPeer peer,
            Enrolment enrolment,
            JournalMetrics metrics) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.replica = replica;
        this.disk = disk;
        this.peer = peer;
        this.enrolment = enrolment;
        this.metrics = metrics;
        metrics.observe(this::status); // first: it may fail, and what follows has threads
        this.attempts = new Attempts(settings.timeout(), executor);
        this.trigger = new SnapshotTrigger(settings.snapshots(), this::snapshot);
        replica.onLeaderLost(attempts::leaderLost);
        replica.onApplied(trigger::applied);
        disk.start(peer::leads, peer::handOver);
    }

    /** As {@link #start(RaftSettings, LongSupplier)}, on {@link System#nanoTime}, which stands still while a machine sleeps. */
    public static RaftGroup start(RaftSettings settings) {
        return start(settings, System::nanoTime);
    }

    /** As {@link #start(RaftSettings, LongSupplier, MeterRegistry)}, with a registry that nobody reads. */
    public static RaftGroup start(RaftSettings settings, LongSupplier clock) {
        return start(settings, clock, new SimpleMeterRegistry());
    }

    /**
     * Returns as soon as the peer takes part; there may be no leader yet.
     *
     * @param clock {@code CLOCK_BOOTTIME} in nanoseconds; the lease is measured on it
     * @param registry gets what is measured; one journal in a registry
     * @throws JournalUnusable with what to do
     */
    public static RaftGroup start(RaftSettings settings, LongSupplier clock, MeterRegistry registry) {
        return start(settings, clock, RaftPeer.network(settings), registry, () -> {});
    }

    /**
     * As {@link #start(RaftSettings, LongSupplier)}.
     *
     * @param network this peer's access to the others; closed with the group, also when the start fails
     */
    public static RaftGroup start(RaftSettings settings, LongSupplier clock, Network network) {
        return start(settings, clock, network, new SimpleMeterRegistry(), () -> {});
    }

    /** @param hindrance run as a part of each synced write to the Raft log: a slow disk */
    static RaftGroup start(
            RaftSettings settings, LongSupplier clock, Network network, MeterRegistry registry, Runnable hindrance) {
        try {
            return open(settings, clock, network, registry, hindrance);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static RaftGroup open(
            RaftSettings settings, LongSupplier clock, Network network, MeterRegistry registry, Runnable hindrance) {
        var metrics = new JournalMetrics(registry);
        Identity identity = Identity.claim(settings);
        NativeLibrary.load(settings.directory());
        DiskWatch disk = DiskWatch.open(settings, new SyncTimes(metrics::synced, hindrance));
        var begun = new ArrayDeque<AutoCloseable>(); // ended again when the start fails, the last first
        try {
            EventStore store = new StoreOpening(settings.directory().resolve("events"))
                    .openOrRebuild(settings.directory().resolve("raft/log"));
            begun.push(store);
            var replica = new Replica(store, clock);
            begun.push(replica::close);
            replica.onLeaderFound(metrics::leaderChanged);
            replica.storing(disk.space()::untilDone);
            LogReach reach = LogReach.of(store, identity.incarnation());
            replica.with(reach::add);
            RaftPeer peer = RaftPeer.open(settings, identity, replica, network, disk, reach);
            begun.push(peer::stop);
            begun.push(disk);
            switch (identity.state()) {
                case FOUNDING -> peer.begin(settings.members().values());
                case ENLISTED -> {
                    refuseWithoutVote(settings.directory());
                    peer.begin(List.of());
                }
                case ASKING, REMOVED -> {} // the enrolment begins when this node is taken in
            }
            Enrolment enrolment = Enrolment.start(settings, identity, replica, peer);
            begun.push(enrolment);
            return new RaftGroup(settings, clock, store, replica, disk, peer, enrolment, metrics);
        } catch (RocksDBException | UncheckedIOException e) {
            end(begun, e);
            throw new JournalUnusable(
                    "The event store in " + settings.directory() + " cannot be read: " + e.getMessage() + ". "
                            + JournalUnusable.COPY_FROM_OTHERS,
                    e);
        } catch (RuntimeException e) {
            end(begun, e);
            throw e;
        }
    }

    private static void end(Iterable<AutoCloseable> begun, Exception reason) {
        for (AutoCloseable each : begun) {
            try {
                each.close();
            } catch (Exception e) { // the rest must end, too
                reason.addSuppressed(e);
            }
        }
    }

    /** Without its vote a member has forgotten what it promised, whatever else is there. */
    private static void refuseWithoutVote(Path directory) {
        Path vote = RaftStorage.vote(directory.resolve("raft"));
        if (!Files.exists(vote)) {
            throw new JournalUnusable(
                    vote + " is missing, though this node is a member. " + JournalUnusable.COPY_FROM_OTHERS, null);
        }
    }

    /** Called once, on any thread, when this replica cannot go on: the node must stop. */
    public void onFailure(Consumer<Throwable> listener) {
        replica.onFailure(listener);
    }

    /**
     * Called once, on any thread, when this node does not belong to the group (any more): it must stop, and not start
     * again before a person acted. The message says why.
     */
    public void onUnusable(Consumer<JournalUnusable> listener) {
        enrolment.onUnusable(listener);
    }

    /** Of the cluster that this node belongs to; empty while the first leader has not founded it. */
    public Optional<UUID> cluster() {
        return replica.members().cluster();
    }

    /**
     * Who is in the group now as far as this node knows, in the order of their names; while it knows nothing, who shall
     * found it.
     */
    public List<Member> members() {
        return peer.book().members(peer.configuration());
    }

    /**
     * Ends a node's membership, this one's too. Completes when it has no say any more; it stops by itself when it
     * notices. Fails with {@link ChangeRefused} when the rest would be without a majority.
     */
    public CompletionStage<Done> remove(NodeId node) {
        return plain(ask("removal of " + node + " not confirmed", new Call.Remove(node))
                .thenApply(_ -> Done.getInstance()));
    }

    /** This replica has it that this node is recorded. */
    boolean enrolled() {
        return enrolment.belongs();
    }

    /** Told, on any thread, of each alarm that is raised or cleared, and at once of those that are raised already. */
    public void onAlarm(Consumer<JournalAlarm> listener) {
        disk.onAlarm(listener);
    }

    /** Whether the disk of this node is neither full nor slow. One that is not gives leadership away by itself. */
    public boolean isFitToLead() {
        return disk.isFit();
    }

    /** Any thread, does not block. */
    public JournalStatus status() {
        return new JournalStatus(
                peer.leader(),
                replica.leaderTerm() != 0,
                peer.committed(),
                replica.applied(),
                metrics.append().mean(TimeUnit.MILLISECONDS),
                metrics.sync().mean(TimeUnit.MILLISECONDS),
                disk.space().freeBytes(),
                disk.usedBytes(),
                metrics.leaderChanges(),
                metrics.refusedEpochs(),
                disk.alarms());
    }

    public NodeId self() {
        return settings.self();
    }

    /** Of what the peers say to each other. */
    public Security security() {
        return settings.security();
    }

    /** Who leads as far as this node knows. */
    public Optional<NodeId> leader() {
        return peer.leader();
    }

    /** Whether this peer leads and a majority has just confirmed it. False when it is not known. */
    public CompletionStage<Boolean> confirmedLeader() {
        long term = replica.leaderTerm();
        if (term == 0) {
            return CompletableFuture.completedFuture(false);
        }
        return peer.readIndex(settings.electionTimeout())
                .thenApplyAsync(reply -> reply instanceof Reply.Done && replica.leaderTerm() == term, executor);
    }

    /** Completes when the leader has begun to hand over; {@link #leader()} shows later whether that succeeded. */
    public CompletionStage<Done> transferLeadershipTo(NodeId node) {
        if (peer.book().address(node).isEmpty()) {
            throw new IllegalArgumentException("node " + node + " is not one of " + members());
        }
        return plain(
                ask("leadership not moved to " + node, new Call.Transfer(node)).thenApply(_ -> Done.getInstance()));
    }

    /**
     * Fences off all older epochs. Completes when this replica, too, has applied the fence: then its events up to the
     * number returned are all there ever will be of older epochs, and {@link #leaseWatch} shows their last renewal.
     * Fails with {@link EpochRefused} when a newer epoch was faster.
     */
    public CompletionStage<TakenOver> takeOver(String persistenceId, Epoch epoch) {
        return plain(
                propose(persistenceId, new Entry.TakeOver(persistenceId, epoch)).thenCompose(applied -> {
                    var fence = accepted(persistenceId, applied);
                    var taken = new TakenOver(fence.epoch(), fence.highest());
                    return replica.applied() >= applied.index()
                            ? CompletableFuture.completedFuture(taken)
                            : barrier().thenApply(_ -> taken);
                }));
    }

    /** Fails with {@link EpochRefused} unless this epoch was the last one to take over. */
    public CompletionStage<Done> renewLease(String persistenceId, Epoch epoch) {
        return done(new Entry.RenewLease(persistenceId, epoch));
    }

    /** To be called only by a holder that is silent already and stays so. Fails like {@link #renewLease}. */
    public CompletionStage<Done> releaseLease(String persistenceId, Epoch epoch) {
        return done(new Entry.ReleaseLease(persistenceId, epoch));
    }

    /** As this replica knows it. */
    public Fence fence(String persistenceId) {
        return replica.histories().of(persistenceId).fence();
    }

    /** As this replica has seen it, on the clock given at start. */
    public LeaseWatch leaseWatch(String persistenceId) {
        return replica.histories().leaseWatch(persistenceId);
    }

    /** Completes when everything that was committed before the call is applied here. */
    public CompletionStage<Done> barrier() {
        return plain(attempts.until(
                        "this replica is not known to be up to date", () -> peer.readIndex(settings.electionTimeout()))
                .thenApply(_ -> Done.getInstance()));
    }

    /** Completes on the thread that applies the log or on one of the transport, which must not be kept. */
    CompletionStage<Done> append(String persistenceId, Epoch writer, long first, List<Envelope> events) {
        List<byte[]> encoded = events.stream().map(Envelope::encoded).toList();
        long begun = System.nanoTime();
        var entry = new Entry.Append(persistenceId, writer, first, encoded);
        CompletionStage<Done> appended = done(entry, propose(persistenceId, entry, attempts::untilHere));
        var _ = appended.thenAccept(_ -> {
            long lengthBytes = encoded.stream().mapToLong(event -> event.length).sum();
            metrics.appended(System.nanoTime() - begun, encoded.size(), lengthBytes);
        });
        return appended;
    }

    CompletionStage<Done> deleteTo(String persistenceId, long last) {
        return done(new Entry.DeleteTo(persistenceId, last));
    }

    /** Those with events, from a position in the order in which this replica learned of them. */
    List<String> persistenceIds(int position) {
        return replica.histories().persistenceIds(position);
    }

    /** As {@link #persistenceIds}, but waits until there is at least one. */
    CompletionStage<List<String>> nextPersistenceIds(int position) {
        CompletableFuture<Void> arrival = replica.histories().arrivals().next(Histories.ANY_NEW);
        List<String> there = persistenceIds(position);
        return there.isEmpty()
                ? plain(arrival.thenComposeAsync(_ -> nextPersistenceIds(position), executor))
                : CompletableFuture.completedFuture(there);
    }

    /** Fails with {@link EntryTooLarge} when it is larger than one entry of the log may be. */
    CompletionStage<Done> saveSnapshot(String persistenceId, ActorSnapshot snapshot) {
        return done(new Entry.SaveSnapshot(
                persistenceId, snapshot.sequenceNr(), ByteString.fromArrayUnsafe(snapshot.encoded())));
    }

    CompletionStage<Done> deleteSnapshots(String persistenceId, SnapshotCriteria criteria) {
        return done(new Entry.DeleteSnapshots(persistenceId, criteria));
    }

    /** The newest one that is known to a majority when this is called. */
    CompletionStage<Optional<ActorSnapshot>> latestSnapshot(String persistenceId, SnapshotCriteria criteria) {
        return plain(barrier().thenApplyAsync(_ -> found(persistenceId, criteria), executor));
    }

    private Optional<ActorSnapshot> found(String persistenceId, SnapshotCriteria criteria) {
        try {
            return replica.actorSnapshots().matching(persistenceId, criteria, 1).stream()
                    .findFirst();
        } catch (RocksDBException e) {
            throw store.failed("snapshot of " + persistenceId + " not read", e);
        }
    }

    private CompletionStage<Done> done(Entry.OfSnapshots entry) {
        return plain(propose(entry.persistenceId(), entry).thenApply(_ -> Done.getInstance()));
    }

    /**
     * Makes a snapshot of the journal on this node, after which its log no longer needs what came before. Not needed: it
     * happens by itself. Completes with false when there is nothing new, or another one is being made.
     */
    public CompletionStage<Boolean> snapshot() {
        return replica.isNewerThanSnapshot()
                ? plain(peer.snapshot().thenApplyAsync(made -> made, executor))
                : CompletableFuture.completedFuture(false);
    }

    /** Told of each copy of the store that is about to become a snapshot; a defect of snapshots can be put in here. */
    void onSnapshotCopied(Consumer<Path> listener) {
        replica.snapshots().onCopied(listener);
    }

    /** From this replica; reads the disk on the journal's own threads. At most {@code max}, fewer when they are large. */
    CompletionStage<List<StoredEvent>> events(String persistenceId, long first, long last, int max) {
        return plain(CompletableFuture.completedFuture(persistenceId)
                .thenApplyAsync(_ -> readable(persistenceId, first, last, max), executor));
    }

    /** As {@link #events}, but waits until there is at least one, unless all up to {@code last} are deleted. Nothing polls. */
    CompletionStage<List<StoredEvent>> nextEvents(String persistenceId, long first, long last, int max) {
        CompletableFuture<Void> arrival =
                replica.histories().arrivals().next(persistenceId); // before looking, so none is missed
        var history = replica.histories().of(persistenceId);
        if (history.deletedTo() >= last) {
            return CompletableFuture.completedFuture(List.of());
        }
        boolean there =
                Math.max(first, history.deletedTo() + 1) <= history.fence().highest();
        CompletionStage<List<StoredEvent>> events = there
                ? events(persistenceId, first, last, max)
                        .thenCompose(found -> found.isEmpty() // deleted meanwhile
                                ? nextEvents(persistenceId, first, last, max)
                                : CompletableFuture.completedFuture(found))
                : arrival.thenComposeAsync(_ -> nextEvents(persistenceId, first, last, max), executor);
        return plain(events);
    }

    private List<StoredEvent> readable(String persistenceId, long first, long last, int max) {
        try {
            return replica.histories().read(persistenceId, first, last, max);
        } catch (JournalDamaged e) {
            replica.damaged(e);
            throw e;
        }
    }

    private CompletionStage<Done> done(Entry.OfEvents entry) {
        return done(entry, propose(entry.persistenceId(), entry));
    }

    private CompletionStage<Done> done(Entry.OfEvents entry, CompletionStage<Applied> proposal) {
        return plain(proposal.thenApply(applied -> {
            accepted(entry.persistenceId(), applied);
            return Done.getInstance();
        }));
    }

    private Fence accepted(String persistenceId, Applied applied) {
        return switch ((Verdict) applied.outcome()) {
            case Verdict.Accepted accepted -> accepted.after();
            case Verdict.OlderEpoch older -> {
                metrics.epochRefused();
                throw new EpochRefused(older.epoch(), older.current());
            }
            case Verdict.OutOfSequence other ->
                throw new OutOfSequence(persistenceId, other.sequenceNr(), other.expected());
        };
    }

    /** Wins or loses a side lease for its owner. Fails with {@link OutcomeNotKnown} only. */
    CompletionStage<SideLeases.Answer> ask(Entry.OfSideLease entry) {
        return plain(propose(entry.name(), entry).thenApply(applied -> (SideLeases.Answer) applied.outcome()));
    }

    /** As this replica has seen it. */
    SideLeases.Seen sideLease(String name) {
        return replica.sideLeases().seen(name);
    }

    /** The clock given at start, nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    private CompletionStage<Applied> propose(String subject, Entry entry) {
        return propose(subject, entry, attempts::until);
    }

    private interface Asking {
        CompletableFuture<ByteString> until(String failure, Supplier<CompletableFuture<Reply>> attempt);
    }

    private CompletionStage<Applied> propose(String subject, Entry entry, Asking asking) {
        if (subject.indexOf(0) >= 0) {
            throw new IllegalArgumentException(
                    "\"" + subject.replace('\0', '?') + "\": a persistence id must not contain a zero character");
        }
        byte[] bytes = entry.encoded();
        if (bytes.length > RaftPeer.ENTRY_LIMIT_BYTES) {
            return CompletableFuture.failedFuture(new EntryTooLarge(bytes.length, RaftPeer.ENTRY_LIMIT_BYTES));
        }
        String what = entry.getClass().getSimpleName() + " of " + subject;
        var call = new Call.Propose(ByteString.fromArrayUnsafe(bytes));
        Duration patience =
                settings.electionTimeout().multipliedBy(2); // then the leader is asked again, or the next one
        return asking.until(what + " not confirmed", () -> peer.attempt(call, patience))
                .thenApply(Applied::decode);
    }

    private CompletableFuture<ByteString> ask(String failure, Call call) {
        return attempts.until(failure, () -> peer.attempt(call, settings.timeout()));
    }

    /** Ends what is waiting with a failure, leaves the group, and frees port and files. Blocks until that is done. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        enrolment.close();
        trigger.close();
        attempts.close();
        disk.close();
        replica.histories().arrivals().end(new IllegalStateException("the journal of this node is closed"));
        try {
            peer.stop();
            replica.close();
            store.close();
        } catch (RocksDBException e) {
            // the Raft log has it all: the next start applies it again
            LOG.warn("node={} event store not flushed: {}", settings.self(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("node={} interrupted while leaving the journal, which is left open", settings.self());
        } finally {
            executor.shutdown();
        }
    }
}
