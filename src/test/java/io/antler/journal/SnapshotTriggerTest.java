package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.lab.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotTriggerTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final AtomicInteger made = new AtomicInteger();

    private CompletableFuture<Boolean> snapshot() {
        made.incrementAndGet();
        return CompletableFuture.completedFuture(true);
    }

    @Test
    void oneIsDueEachTimeEnoughWasApplied() {
        try (var trigger = new SnapshotTrigger(new RaftSettings.Snapshots(NEVER, 100), this::snapshot)) {
            trigger.applied(60);
            trigger.applied(60);
            Await.until("the first", () -> made.get() == 1);
            trigger.applied(90);
            assertEquals(1, made.get());
            trigger.applied(300);
            Await.until("the second", () -> made.get() == 2);
        }
    }

    @Test
    void oneIsDueAfterAWhileIfAnythingWasApplied() {
        try (var trigger =
                new SnapshotTrigger(new RaftSettings.Snapshots(Duration.ofMillis(20), 100), this::snapshot)) {
            trigger.applied(1);
            Await.until("one", () -> made.get() == 1);
        }
    }

    @Test
    void withNothingAppliedNoneIsDue() {
        var asked = new AtomicInteger();
        try (var trigger = new SnapshotTrigger(new RaftSettings.Snapshots(Duration.ofMillis(10), 100), () -> {
                    asked.incrementAndGet();
                    return CompletableFuture.completedFuture(true);
                });
                var other =
                        new SnapshotTrigger(new RaftSettings.Snapshots(Duration.ofMillis(10), 100), this::snapshot)) {
            for (int i = 1; i <= 3; i++) {
                int count = i;
                other.applied(1);
                Await.until("the other one ticks", () -> made.get() == count);
            }
            assertEquals(0, asked.get());
            trigger.applied(1);
            Await.until("now it is", () -> asked.get() == 1);
        }
    }

    @Test
    void oneThatCouldNotBeMadeIsTriedAgain() {
        try (var trigger = new SnapshotTrigger(new RaftSettings.Snapshots(Duration.ofMillis(20), 100), () -> {
            int times = made.incrementAndGet();
            return CompletableFuture.completedFuture(times >= 3);
        })) {
            trigger.applied(1);
            Await.until("it is made", () -> made.get() == 3);
        }
    }
}
