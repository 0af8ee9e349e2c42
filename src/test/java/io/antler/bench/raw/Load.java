package io.antler.bench.raw;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The same load for both sides: on each lane one append after the other. */
public final class Load {
    private static final double NANOS_OF_SECOND = 1e9;

    private Load() {}

    /** What takes one append at a time. */
    public interface Lane {
        void append(Callback callback);
    }

    /** Called when an append has ended, on any thread. */
    public interface Callback {
        void ended(@Nullable Throwable failure);
    }

    /** One lane, and a thread that waits for each answer: what a single caller sees. */
    public static String alone(Lane lane, Duration length) throws InterruptedException {
        var answered = new Semaphore(0);
        var failure = new AtomicReference<@Nullable Throwable>();
        Callback callback = reason -> {
            if (reason != null) {
                failure.set(reason);
            }
            answered.release();
        };
        long[] nanos = new long[1024];
        int count = 0;
        long start = System.nanoTime();
        long end = start + length.toNanos();
        for (long before = start; before - end < 0; ) {
            lane.append(callback);
            answered.acquire();
            long after = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = after - before;
            before = after;
        }
        long elapsed = System.nanoTime() - start;
        failIf(failure.get());
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return "count=%d p50=%d p99=%d rate=%.1f"
                .formatted(
                        count,
                        sorted[count / 2],
                        sorted[Math.min(count - 1, count * 99 / 100)],
                        count * NANOS_OF_SECOND / elapsed);
    }

    /** All lanes at once; each begins its next append where the last one ended. */
    public static String together(List<? extends Lane> lanes, Duration length) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + length.toNanos();
        var turn = new Turn(lanes.size(), Long.MAX_VALUE, end);
        lanes.forEach(turn::next);
        return turn.await(start);
    }

    /** As {@link #together(List, Duration)}, a number of appends instead of a time. */
    public static String together(List<? extends Lane> lanes, long appends) throws InterruptedException {
        long start = System.nanoTime();
        var turn = new Turn(lanes.size(), appends, start + Duration.ofHours(1).toNanos());
        lanes.forEach(turn::next);
        return turn.await(start);
    }

    private static void failIf(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private static final class Turn {
        private final long end;
        private final CountDownLatch running;
        private final LongAdder count = new LongAdder();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final long perLane;

        Turn(int lanes, long appends, long end) {
            this.running = new CountDownLatch(lanes);
            this.perLane = appends == Long.MAX_VALUE ? appends : Math.ceilDiv(appends, lanes);
            this.end = end;
        }

        void next(Lane lane) {
            lane.append(new Callback() {
                private long left = perLane;

                @Override
                public void ended(@Nullable Throwable reason) {
                    if (reason != null) {
                        failure.compareAndSet(null, reason);
                    } else {
                        count.increment();
                    }
                    left--;
                    if (failure.get() == null && left > 0 && System.nanoTime() - end < 0) {
                        lane.append(this);
                    } else {
                        running.countDown();
                    }
                }
            });
        }

        String await(long start) throws InterruptedException {
            running.await();
            long elapsed = System.nanoTime() - start;
            failIf(failure.get());
            return "count=%d rate=%.1f".formatted(count.sum(), count.sum() * NANOS_OF_SECOND / elapsed);
        }
    }
}
