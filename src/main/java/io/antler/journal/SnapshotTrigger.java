package io.antler.journal;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Says when the next snapshot of the journal is due: when enough was applied since the last one, or after a while if
 * anything was. Each node decides for itself.
 */
final class SnapshotTrigger implements AutoCloseable {
    private final long afterBytes;
    private final Supplier<CompletionStage<Boolean>> snapshot;
    private final AtomicLong sinceLast = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("antler-journal-snapshot-timer").factory());

    /** @param snapshot begins one and returns soon; after false it is asked again when the interval is over */
    SnapshotTrigger(RaftSettings.Snapshots due, Supplier<CompletionStage<Boolean>> snapshot) {
        this.afterBytes = due.afterBytes();
        this.snapshot = snapshot;
        var _ = timer.scheduleWithFixedDelay(
                this::ifAnythingApplied,
                due.interval().toMillis(),
                due.interval().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** On the applying thread, for each entry of the log, also one that was applied before this start. */
    void applied(long bytes) {
        long sum = sinceLast.addAndGet(bytes);
        if (sum >= afterBytes && sum - bytes < afterBytes && !timer.isShutdown()) {
            timer.execute(this::due);
        }
    }

    private void ifAnythingApplied() {
        if (sinceLast.get() > 0) {
            due();
        }
    }

    private void due() {
        long bytes = sinceLast.getAndSet(0);
        var _ = snapshot.get().thenAccept(made -> {
            if (!made) {
                sinceLast.addAndGet(bytes);
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
