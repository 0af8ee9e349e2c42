package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.journal.JournalAlarm.Kind;
import io.antler.lab.Await;
import io.antler.lab.SmallDisk;
import io.antler.lab.SystemTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three peers, each on a file system of its own that is filled to the last byte. */
@SystemTest
class FullDiskSystemTest {
    private static final DiskSettings LIMITS = new DiskSettings(64L << 20, 32L << 20, Duration.ofSeconds(5));

    @TempDir
    Path directory = Path.of("");

    private final Map<NodeId, SmallDisk> disks = new TreeMap<>();
    private TestGroup group = TestGroup.none();
    private int next = 1;

    @BeforeEach
    void mount() throws IOException {
        for (String node : List.of("n1", "n2", "n3")) {
            disks.put(new NodeId(node), SmallDisk.mount(directory.resolve(node), 256));
        }
    }

    @AfterEach
    void unmount() throws IOException {
        group.close();
        for (SmallDisk disk : disks.values()) {
            disk.close();
        }
    }

    private void start(int size, DiskSettings limits) {
        group = TestGroup.of(directory, size, System::nanoTime).on(limits).startAll();
        append(group.awaitLeader(), 5);
    }

    private SmallDisk disk(RaftGroup node) {
        SmallDisk disk = disks.get(node.self());
        if (disk == null) {
            throw new AssertionError("no disk of " + node.self());
        }
        return disk;
    }

    private void append(RaftGroup node, int count) {
        for (int i = 0; i < count; i++) {
            Await.of(node.append("p", Epoch.NONE, next, List.of(event("e" + next))));
            next++;
        }
    }

    private void fill(RaftGroup node) throws IOException {
        disk(node).fill();
        Await.until("full: " + node.self(), () -> node.status().has(Kind.DISK_FULL));
    }

    private void assertNothingIsLost() {
        for (RaftGroup node : group.running()) {
            Await.until("up to date: " + node.self(), () -> node.fence("p").highest() == next - 1);
            assertEquals(next - 1, Await.of(node.events("p", 1, 10_000, 10_000)).size());
            Await.until("no alarm: " + node.self(), () -> node.status().alarms().isEmpty());
        }
    }

    @Test
    void aFullFollowerWaitsAndGoesOnWhenThereIsSpace() throws IOException {
        start(3, LIMITS);
        RaftGroup leader = group.awaitLeader();
        RaftGroup follower = group.follower();
        fill(follower);
        Await.until("the ballast is given back", () -> !Files.exists(directory.resolve(follower.self() + "/ballast")));

        append(leader, 50);

        assertFalse(follower.fence("p").highest() == next - 1
                && follower.status().alarms().isEmpty());
        disk(follower).free();
        assertNothingIsLost();
        Await.until("the ballast is back", () -> Files.exists(directory.resolve(follower.self() + "/ballast")));
    }

    /** Nobody else is there, so it is needed for the election; what it confirms is what it has. */
    @Test
    void aFullFollowerHearsTheLeaderAndStillVotes() throws IOException {
        start(3, LIMITS);
        RaftGroup leader = group.awaitLeader();
        RaftGroup full = group.follower();
        fill(full);
        append(leader, 20);
        long changes = full.status().leaderChanges();
        append(leader, 20);
        assertEquals(Optional.of(leader.self()), full.leader());
        assertEquals(changes, full.status().leaderChanges());
        RaftGroup third = group.running().stream()
                .filter(node -> node != leader && node != full)
                .findAny()
                .orElseThrow();

        group.stop(leader.self());

        Await.until("it votes", () -> full.leader().equals(Optional.of(third.self())));
        disk(full).free();
        append(third, 5);
        group.start(leader.self());
        assertNothingIsLost();
    }

    @Test
    void aFullLeaderLetsAnotherLeadAndNoAppendFails() throws IOException {
        start(3, LIMITS);
        RaftGroup full = group.awaitLeader();
        fill(full);

        append(full, 50);

        RaftGroup other = group.running().stream()
                .filter(node -> Await.of(node.confirmedLeader()))
                .findAny()
                .orElseThrow();
        assertFalse(other.self().equals(full.self()), "leads still: " + full.self());
        disk(full).free();
        assertNothingIsLost();
    }

    /** What the master's node does: its lease ends, and with room again a mastership of the next epoch asks the journal. */
    @Test
    void aMajorityThatIsFullEndsTheWriterAndTheNextOneGoesOnWithWhatTheJournalHas() throws IOException {
        start(3, LIMITS);
        RaftGroup master = group.awaitLeader();
        var epoch = new Epoch(1);
        Await.of(master.takeOver("changes", epoch));
        Await.of(master.append("changes", epoch, 1, List.of(event("c1"))));
        Await.of(master.renewLease("changes", epoch));
        RaftGroup standby = group.follower();
        fill(master);
        fill(standby);

        Throwable told = assertThrows(
                RuntimeException.class, () -> Await.of(master.append("changes", epoch, 2, List.of(event("c2")))));
        assertTrue(told instanceof DiskFull || told instanceof OutcomeNotKnown, told::toString);
        assertThrows(RuntimeException.class, () -> Await.of(master.renewLease("changes", epoch)));

        disk(master).free();
        disk(standby).free();
        Await.until(
                "room again",
                () -> !master.status().has(Kind.DISK_FULL) && !standby.status().has(Kind.DISK_FULL));
        TakenOver taken = Await.of(standby.takeOver("changes", epoch.next()));
        long stored = taken.highestSequenceNr();
        assertTrue(stored == 1 || stored == 2, "stored: " + stored);
        assertThrows(
                EpochRefused.class, () -> Await.of(master.append("changes", epoch, stored + 1, List.of(event("old")))));
        Await.of(standby.append("changes", epoch.next(), stored + 1, List.of(event("new"))));

        for (RaftGroup node : group.running()) {
            Await.of(node.barrier());
            List<StoredEvent> events = Await.of(node.events("changes", 1, 9, 9));
            assertEquals(stored + 1, events.size());
            assertEquals("new", events.getLast().envelope().payload().utf8String());
        }
        assertNothingIsLost();
    }

    @Test
    void whenAllAreFullTheWriterIsToldAndWithSpaceAllGoOn() throws IOException {
        start(3, LIMITS);
        for (RaftGroup node : group.running()) {
            fill(node);
        }

        Await.until("the writer is told", () -> {
            try {
                append(group.running().getFirst(), 1);
                return false;
            } catch (DiskFull full) {
                assertTrue(String.valueOf(full.getMessage()).contains("bytes free"), full.getMessage());
                return true;
            }
        });

        for (RaftGroup node : group.running()) {
            disk(node).free();
        }
        Await.until("room again", () -> group.running().stream()
                .noneMatch(node -> node.status().has(Kind.DISK_FULL)));
        append(group.awaitLeader(), 20);
        assertNothingIsLost();
    }

    @Test
    void aSingleFullNodeRefusesWhatIsNewAtOnce() throws IOException {
        start(1, LIMITS);
        RaftGroup node = group.awaitLeader();
        fill(node);
        Await.until("refused", () -> {
            try {
                append(node, 1);
                return false;
            } catch (DiskFull full) {
                return true;
            }
        });
        assertThrows(DiskFull.class, () -> append(node, 1));

        disk(node).free();
        Await.until("room again", () -> !node.status().has(Kind.DISK_FULL));
        append(node, 5);
        assertNothingIsLost();
    }

    /** Somebody fills the disk faster than anybody looks: log and store find out only from their own writes. */
    @Test
    void whatRocksDbCannotWriteIsWrittenWhenThereIsSpace() throws IOException {
        start(1, new DiskSettings(0, 0, Duration.ofSeconds(5)));
        RaftGroup node = group.awaitLeader();
        Await.until("the ballast is made", () -> Files.exists(directory.resolve("n1/ballast")));
        disk(node).fill();
        var large = new Envelope(1, "text", "", "writer", 17, ByteString.fromArray(new byte[256 << 10]));
        List<CompletionStage<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 320; i++) {
            waiting.add(node.append("large", Epoch.NONE, i + 1, List.of(large))
                    .exceptionally(notKnown -> akka.Done.getInstance()));
        }
        waiting.forEach(Await::of);
        assertTrue(node.fence("large").highest() < 320, "all of it fitted");

        disk(node).free();

        Await.until("all is written", () -> node.fence("large").highest() == 320);
        append(node, 5);
        group.stop(node.self());
        RaftGroup again = group.start(node.self());
        group.awaitLeader();
        assertEquals(320, again.fence("large").highest());
        assertNothingIsLost();
    }

    @Test
    void aNodeStartsOnAFullDiskAndGoesOn() throws IOException {
        start(3, LIMITS);
        RaftGroup follower = group.follower();
        NodeId self = follower.self();
        fill(follower);
        group.stop(self);
        append(group.awaitLeader(), 20);
        Files.deleteIfExists(directory.resolve(self + "/ballast"));

        RaftGroup again = group.start(self);
        append(group.awaitLeader(), 20);
        disk(again).free();

        assertNothingIsLost();
    }
}
