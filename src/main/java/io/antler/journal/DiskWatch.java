package io.antler.journal;

import io.antler.journal.JournalAlarm.Kind;
import io.antler.journal.disk.Damaged;
import io.antler.journal.disk.RaftStorage;
import io.antler.journal.disk.Space;
import io.antler.journal.disk.Space.Level;
import io.antler.journal.disk.SyncTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches this node's disk: raises and clears alarms, and while the disk is full or slow lets another node lead, if one can.
 * When none can, a full leader refuses what is new.
 */
final class DiskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final long INTERVAL_MS = 100;

    /** Looks: what does not live long needs no ballast. */
    private static final int BALLAST_AFTER = 50;

    /** Looks: the size of all files is taken every ten seconds. */
    private static final int MEASURED_EVERY = 100;

    /** After leadership was given away: time for the other to begin. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** After nobody was found who can lead. */
    private static final Duration SHORT_REST = Duration.ofSeconds(1);

    private final RaftSettings settings;
    private final Space space;
    private final SyncTimes times;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemon("antler-journal-disk"));
    private final Map<Kind, JournalAlarm> raised = new EnumMap<>(Kind.class);
    private final Collection<Consumer<JournalAlarm>> listeners = new CopyOnWriteArrayList<>();
    private int looks;
    private volatile long usedBytes = -1;
    private volatile boolean nobodyElse;
    private volatile boolean slow;
    private volatile long restUntil = System.nanoTime();

    private DiskWatch(RaftSettings settings, Space space, SyncTimes times) {
        this.settings = settings;
        this.space = space;
        this.times = times;
    }

    /** @throws JournalUnusable if the directory, which exists, cannot be looked at */
    static DiskWatch open(RaftSettings settings, SyncTimes times) {
        try {
            return new DiskWatch(
                    settings, Space.open(settings.directory(), settings.disk().limits()), times);
        } catch (IOException e) {
            throw new JournalUnusable("The file system of " + settings.directory() + " cannot be used: " + e, e);
        }
    }

    /**
     * @param reached index of an entry that this node had in its log
     * @throws JournalUnusable if log or vote is damaged or cannot be used
     */
    RaftStorage openStorage(long reached) {
        try {
            RaftStorage storage = RaftStorage.open(settings.directory().resolve("raft"), space, times);
            try {
                refuseShortened(storage, reached);
                return storage;
            } catch (IOException | RuntimeException e) {
                storage.close();
                throw e;
            }
        } catch (Damaged e) {
            throw new JournalUnusable(
                    e.getMessage() + ". With it this node would have forgotten what it confirmed, so it takes no part. "
                            + JournalUnusable.COPY_FROM_OTHERS,
                    e);
        } catch (IOException e) {
            throw new JournalUnusable(
                    "The Raft log cannot be opened: " + e.getMessage() + ". If another Antler process runs on "
                            + settings.directory() + ", stop it first; else check its disk, its free space ("
                            + space.freeBytes() + " bytes), and that this user may write there.",
                    e);
        }
    }

    private void refuseShortened(RaftStorage storage, long reached) throws IOException {
        long last = storage.lastIndex();
        if (last < reached) {
            throw new JournalUnusable(
                    "The Raft log in " + settings.directory().resolve("raft/log") + " ends at entry " + last
                            + ", but entry " + reached + " was in it once: its end is lost. "
                            + JournalUnusable.COPY_FROM_OTHERS,
                    null);
        }
    }

    Space space() {
        return space;
    }

    long usedBytes() {
        return usedBytes;
    }

    /** Whether this disk lets the node lead. */
    boolean isFit() {
        return space.level() != Level.FULL && !slow;
    }

    /** What the leader answers to something new instead of taking it; nothing when it can take it. */
    Optional<Reply> refusal() {
        if (space.level() != Level.FULL) {
            return Optional.empty();
        }
        return Optional.of(
                nobodyElse
                        ? new Reply.Full(
                                settings.self().value(), settings.directory().toString(), space.freeBytes())
                        : new Reply.TryAgain("the disk of " + settings.self() + " is full, so another is to lead"));
    }

    /**
     * @param handOver lets another node lead whose disk is fit, and says which; none if there is none. Does not fail
     */
    void start(BooleanSupplier leads, Supplier<CompletableFuture<Optional<NodeId>>> handOver) {
        var _ = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        look();
                        if (isFit()) {
                            nobodyElse = false;
                        } else if (leads.getAsBoolean() && restUntil - System.nanoTime() <= 0) {
                            restUntil = System.nanoTime() + REST.toNanos();
                            var _ = handOver.get().thenAccept(this::handedOver);
                        }
                    } catch (RuntimeException e) {
                        LOG.error("disk of the journal not looked at", e);
                    }
                },
                0,
                INTERVAL_MS,
                TimeUnit.MILLISECONDS);
    }

    private void handedOver(Optional<NodeId> next) {
        if (next.isPresent()) {
            LOG.warn("the disk of this node is {}, so {} is to lead the journal", state(), next.get());
        } else {
            nobodyElse = true;
            restUntil = System.nanoTime() + SHORT_REST.toNanos();
        }
    }

    private String state() {
        return space.level() == Level.FULL ? "full" : "slow";
    }

    private void look() {
        Level level = space.look();
        if (looks < BALLAST_AFTER) {
            space.relieve();
        } else {
            space.balance();
        }
        if (looks++ % MEASURED_EVERY == 0) {
            usedBytes = space.usedBytes();
        }
        long paceMs = TimeUnit.NANOSECONDS.toMillis(times.paceNanos());
        long limitMs = settings.disk().slow().toMillis();
        slow = paceMs > (slow ? limitMs / 2 : limitMs);
        String place = "the file system of " + settings.directory() + " has " + (space.freeBytes() >> 20) + " MiB free";
        DiskSettings disk = settings.disk();
        set(
                Kind.DISK_LOW,
                level != Level.ENOUGH,
                () -> place + below("alarm-free", disk.alarmFreeBytes())
                        + "delete or move other files there, or extend it");
        set(
                Kind.DISK_FULL,
                level == Level.FULL,
                () -> place + below("stop-free", disk.stopFreeBytes())
                        + "the journal of this node waits until there is more. Make room now; it then goes on by itself");
        set(
                Kind.DISK_SLOW,
                slow,
                () -> "a synced write to " + settings.directory() + " takes " + paceMs
                        + " ms, antler.journal.disk.slow = " + limitMs
                        + " ms: this node does not lead while another can."
                        + " Check the disk, and what else uses it");
    }

    private static String below(String key, long bytes) {
        return ", less than antler.journal.disk." + key + " = " + (bytes >> 20) + " MiB: ";
    }

    private void set(Kind kind, boolean now, Supplier<String> message) {
        JournalAlarm changed;
        synchronized (raised) {
            if (raised.containsKey(kind) == now) {
                return;
            }
            changed = new JournalAlarm(kind, now, message.get());
            if (now) {
                raised.put(kind, changed);
            } else {
                raised.remove(kind);
            }
        }
        listeners.forEach(listener -> listener.accept(changed));
    }

    /** Those that are raised. */
    List<JournalAlarm> alarms() {
        synchronized (raised) {
            return List.copyOf(raised.values());
        }
    }

    /** Told of what is raised already, too. */
    void onAlarm(Consumer<JournalAlarm> listener) {
        List<JournalAlarm> before;
        synchronized (raised) {
            before = alarms();
            listeners.add(listener);
        }
        before.forEach(listener);
    }

    /** Whoever waits for space waits no more. To be called before the peer stops. */
    @Override
    public void close() {
        space.close();
        timer.shutdown();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("looking at the disk of {} has not ended", settings.directory());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
