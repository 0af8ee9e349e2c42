package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.core.NodeImpl;
import io.antler.journal.JournalAlarm.Kind;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three peers whose synced writes take half a second. */
class SlowDiskTest {
    private static final Duration WRITE = Duration.ofMillis(500);
    private static final int APPENDS = 21;

    @TempDir
    Path directory = Path.of("");

    private long next = 1;

    private TestGroup group(Duration slow) {
        return TestGroup.of(directory, 3, System::nanoTime)
                .on(new DiskSettings(1 << 20, 1 << 20, slow))
                .startAll();
    }

    private static void sleep() {
        LockSupport.parkNanos(WRITE.toNanos());
    }

    private long medianAppendNanos(RaftGroup node) {
        long[] nanos = new long[APPENDS];
        for (int i = 0; i < APPENDS; i++) {
            long begun = System.nanoTime();
            Await.of(node.append("p", Epoch.NONE, next++, List.of(event("a"))));
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        return nanos[APPENDS / 2];
    }

    @Test
    void aSlowFollowerSlowsNoAppendButRaisesAnAlarm() {
        try (var group = group(Duration.ofMillis(200))) {
            RaftGroup leader = group.awaitLeader();
            RaftGroup slow = group.follower();
            group.hinder(slow.self(), SlowDiskTest::sleep);

            long median = medianAppendNanos(leader);

            assertTrue(median < WRITE.toNanos() / 2, median + " ns");
            Await.until("alarm", () -> slow.status().has(Kind.DISK_SLOW));
            assertEquals(leader.self(), group.awaitLeader().self());
            group.hinder(slow.self(), () -> {});
            Await.until(
                    "it catches up",
                    () -> slow.status().applied() == leader.status().applied());
        }
    }

    /** JRaft counts the leader's own write like any other's: two quick followers are a majority without it. */
    @Test
    void withoutMovingLeadershipASlowLeaderDoesNotSlowAppendsAtFirst() {
        try (var group = group(Duration.ofMinutes(1))) {
            RaftGroup leader = group.awaitLeader();
            group.hinder(leader.self(), SlowDiskTest::sleep);

            long median = medianAppendNanos(leader);

            assertTrue(median < WRITE.toNanos() / 2, median + " ns");
            group.hinder(leader.self(), () -> {});
        }
    }

    @Test
    void aSlowLeaderLetsAnotherLeadAndTellsAnAlarmThatEnds() {
        try (var group = group(Duration.ofMillis(200))) {
            RaftGroup slow = group.awaitLeader();
            var told = new ConcurrentLinkedQueue<JournalAlarm>();
            slow.onAlarm(told::add);
            group.hinder(slow.self(), SlowDiskTest::sleep);

            medianAppendNanos(slow);

            Await.until("another leads", () -> !group.awaitLeader().self().equals(slow.self()));
            JournalAlarm alarm = told.element();
            assertEquals(Kind.DISK_SLOW, alarm.kind());
            assertTrue(
                    alarm.raised() && alarm.message().contains("antler.journal.disk.slow = 200 ms"), alarm.message());
            group.hinder(slow.self(), () -> {});
            RaftGroup leader = group.awaitLeader();
            assertNotEquals(slow.self(), leader.self());
            Await.until("over", () -> {
                Await.of(leader.append("p", Epoch.NONE, next++, List.of(event("a"))));
                return slow.status().alarms().isEmpty();
            });
            assertTrue(told.stream().anyMatch(last -> !last.raised()));
        }
    }

    /** JRaft answers a vote only when its log has written all it took, and the next leader's heartbeats must not wait for that. */
    @Test
    void aFollowerWhoseDiskHangsConfirmsTheNextLeaderAfterManyVotesWereAskedOfIt() {
        try (var group = group(Duration.ofMinutes(1));
                var votes = new LogOf(NodeImpl.class)) {
            RaftGroup leader = group.awaitLeader();
            RaftGroup hanging = group.follower();
            var goesOn = new CompletableFuture<Void>();
            group.hinder(hanging.self(), () -> Await.of(goesOn));
            Await.of(leader.append("p", Epoch.NONE, next++, List.of(event("a"))));
            group.stop(leader.self());
            Await.until("more votes are asked for than it has threads", () -> votes.count("start preVote") > 9);
            group.start(leader.self());
            RaftGroup second = group.awaitLeader();
            RaftGroup third = group.running().stream()
                    .filter(node -> node != second && node != hanging)
                    .findAny()
                    .orElseThrow();

            group.stop(third.self());

            Await.until("it confirms the leader", () -> Await.of(second.confirmedLeader()));
            goesOn.complete(null);
            Await.of(second.append("p", Epoch.NONE, next++, List.of(event("a"))));
        }
    }

    @Test
    void aSlowLeaderGoesOnWhenNobodyElseCanLead() {
        try (var group = group(Duration.ofMillis(200))) {
            List<RaftGroup> all = group.running();
            RaftGroup leader = group.awaitLeader();
            all.forEach(node -> group.hinder(node.self(), SlowDiskTest::sleep));
            for (int i = 0; i < 8; i++) {
                Await.of(leader.append("p", Epoch.NONE, next++, List.of(event("a"))));
            }

            assertTrue(all.stream().anyMatch(node -> node.status().has(Kind.DISK_SLOW)));
            all.forEach(node -> group.hinder(node.self(), () -> {}));
            Await.of(group.awaitLeader().append("p", Epoch.NONE, next++, List.of(event("a"))));
        }
    }
}
