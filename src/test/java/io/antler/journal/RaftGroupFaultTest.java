package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that stop, and surroundings that are wrong. */
class RaftGroupFaultTest {
    private static final NodeId N1 = new NodeId("n1");

    @TempDir
    Path directory = Path.of("");

    @Test
    void whenTheLeaderStopsTheOthersGoOnAndItComesBackWithEverything() {
        try (var group = TestGroup.start(directory, 3)) {
            RaftGroup leader = group.awaitLeader();
            Await.of(leader.takeOver("p", new Epoch(4)));
            Await.of(leader.append("p", new Epoch(4), 1, List.of(event("a"))));
            var underWay = group.follower();

            group.stop(leader.self());
            Await.of(underWay.append("p", new Epoch(4), 2, List.of(event("b"))));

            RaftGroup back = group.start(leader.self());
            Await.of(back.barrier());
            assertEquals(new Fence(new Epoch(4), 2), back.fence("p"));
            assertEquals(List.of("1:a", "2:b"), texts(Await.of(back.events("p", 1, 9, 9))));
        }
    }

    /** Whatever fails last: port, files and names are free for the next attempt. */
    @Test
    void aStartThatFailsAfterThePeerHasBegunLeavesNothingOpen() {
        var address = TestGroup.freeAddress();
        var settings =
                new RaftSettings(N1, Map.of(N1, address), directory, Duration.ofMillis(400), Duration.ofSeconds(5));
        var broken = new SimpleMeterRegistry() {
            @Override
            protected <T> Gauge newGauge(Meter.Id id, @Nullable T measured, ToDoubleFunction<T> value) {
                throw new IllegalStateException("no gauge");
            }
        };

        var failed =
                assertThrows(IllegalStateException.class, () -> RaftGroup.start(settings, System::nanoTime, broken));
        assertEquals("no gauge", failed.getMessage());
        assertEquals(List.of(), List.of(failed.getSuppressed()));

        try (var group = RaftGroup.start(settings)) {
            Await.of(group.append("p", Epoch.NONE, 1, List.of(event("a"))));
        }
    }

    /** What it writes while it is closed is not broken off, and its end is nobody's alarm. */
    @Test
    void aNodeThatIsClosedWhileItHasItselfRecordedTellsNoFailure() {
        for (int i = 0; i < 12; i++) {
            Path own = directory.resolve("life-" + i);
            var settings = new RaftSettings(
                    N1, Map.of(N1, TestGroup.freeAddress()), own, Duration.ofMillis(100), Duration.ofSeconds(5));
            var group = RaftGroup.start(settings);
            List<JournalUnusable> told = new CopyOnWriteArrayList<>();
            group.onUnusable(told::add);
            Await.until("it is being recorded", () -> group.cluster().isPresent());

            group.close();

            assertEquals(List.of(), told);
        }
    }

    @Test
    void withoutAMajorityTheOutcomeIsNotKnownAndNobodyLeads() {
        try (var group = TestGroup.start(directory, 2)) {
            RaftGroup left = group.awaitLeader();
            RaftGroup gone = group.follower();
            group.stop(gone.self());

            var outcome = assertThrows(
                    OutcomeNotKnown.class, () -> Await.of(left.append("p", Epoch.NONE, 1, List.of(event("a")))));

            assertTrue(String.valueOf(outcome.getMessage()).contains("majority"), outcome.getMessage());
            assertFalse(Await.of(left.confirmedLeader()));
        }
    }

    @Test
    void aRestartKeepsAllEventsAndCountsTheLeaseAsJustRenewed() {
        try (var group = TestGroup.start(directory, 1)) {
            RaftGroup node = group.awaitLeader();
            Await.of(node.takeOver("p", new Epoch(1)));
            Await.of(node.renewLease("p", new Epoch(1)));
            for (int i = 1; i <= 100; i++) {
                Await.of(node.append("p", new Epoch(1), i, List.of(event("e" + i))));
            }

            group.stop(N1);
            long restart = System.nanoTime();
            RaftGroup again = group.start(N1);
            group.awaitLeader();

            assertEquals(new Fence(new Epoch(1), 100), again.fence("p"));
            assertEquals(100, Await.of(again.events("p", 1, 1000, 1000)).size());
            assertTrue(again.leaseWatch("p").older().orElseThrow() >= restart);
            assertThrows(
                    OutOfSequence.class, () -> Await.of(again.append("p", new Epoch(1), 100, List.of(event("x")))));
        }
    }

    @Test
    void whatIsWaitingWhenTheJournalClosesFails() {
        var group = TestGroup.start(directory, 1);
        var waiting = group.awaitLeader().nextEvents("p", 1, 9, 9);

        group.close();

        assertThrows(IllegalStateException.class, () -> Await.of(waiting));
    }

    @Test
    void theDirectoryOfAnotherNodeOrClusterIsRefused() {
        try (var group = TestGroup.start(directory, 1)) {
            group.stop(N1);
            RaftSettings own = group.settings(N1);

            assertRefused("antler.node.id", settings(new NodeId("n2"), own.directory()));
            assertRefused("antler.node.data-dir", settings(N1, own.directory()));
        }
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (var group = TestGroup.start(directory, 1)) {
            assertRefused("another Antler process", group.settings(N1));
        }
    }

    @Test
    void aDirectoryWithForeignContentIsRefused() throws IOException {
        Files.writeString(directory.resolve("letter"), "dear");

        assertRefused("no file \"identity\"", settings(N1, directory));
        assertEquals("dear", Files.readString(directory.resolve("letter")));
    }

    @Test
    void aPathThatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertRefused("antler.node.data-dir", settings(N1, file));
    }

    @Test
    void aPortInUseIsRefusedAndNothingStaysOpen() throws IOException {
        RaftSettings settings;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = (java.net.InetSocketAddress) socket.getLocalSocketAddress();
            settings =
                    new RaftSettings(N1, Map.of(N1, address), directory, Duration.ofMillis(400), Duration.ofSeconds(5));

            assertRefused("ss -ltnp", settings);
        }
        try (var group = RaftGroup.start(settings)) {
            Await.until("a leader", () -> Await.of(group.confirmedLeader()));
        }
    }

    private static RaftSettings settings(NodeId self, Path directory) {
        return new RaftSettings(
                self, Map.of(self, TestGroup.freeAddress()), directory, Duration.ofMillis(400), Duration.ofSeconds(5));
    }

    private static void assertRefused(String hint, RaftSettings settings) {
        var refused = assertThrows(JournalUnusable.class, () -> RaftGroup.start(settings));

        assertTrue(String.valueOf(refused.getMessage()).contains(hint), refused.getMessage());
    }
}
