package io.antler.journal.disk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/** How long synced writes to the Raft log take, and since when one is under way. One thread writes, any may look. */
public final class SyncTimes {
    private static final int RECENT = 9;
    private static final long RECENT_NANOS = 30_000_000_000L;

    private record Taken(long ended, long nanos) {}

    private final LongConsumer recorder;
    private final Runnable hindrance;
    private final Deque<Taken> recent = new ArrayDeque<>();
    private long begun;
    private boolean underWay;

    /** @param recorder gets the nanoseconds of each write */
    public SyncTimes(LongConsumer recorder) {
        this(recorder, () -> {});
    }

    /** @param hindrance run as a part of each write: a slow disk, for tests */
    public SyncTimes(LongConsumer recorder, Runnable hindrance) {
        this.recorder = recorder;
        this.hindrance = hindrance;
    }

    void begin() {
        synchronized (this) {
            begun = System.nanoTime();
            underWay = true;
        }
        hindrance.run();
    }

    void end() {
        long nanos;
        synchronized (this) {
            long now = System.nanoTime();
            nanos = now - begun;
            underWay = false;
            recent.addLast(new Taken(now, nanos));
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
        recorder.accept(nanos);
    }

    /**
     * The disk's pace now: the age of the write under way, or the median of the last nine of the last 30 seconds, whichever
     * is longer. 0 when there were none.
     */
    public synchronized long paceNanos() {
        long now = System.nanoTime();
        recent.removeIf(taken -> now - taken.ended() > RECENT_NANOS);
        long[] sorted = recent.stream().mapToLong(Taken::nanos).sorted().toArray();
        long median = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
        return underWay ? Math.max(median, now - begun) : median;
    }
}
