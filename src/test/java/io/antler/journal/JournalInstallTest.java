package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.antler.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was away for longer than the log reaches gets a snapshot of the journal. */
class JournalInstallTest {
    private static final int EVENTS = 300;
    private static final Epoch EPOCH = new Epoch(3);

    @TempDir
    Path directory = Path.of("");

    /** Appends, and truncates the logs of those that run so that they begin behind what the absent node has. */
    private static void goOnWithout(TestGroup group) {
        RaftGroup leader = group.awaitLeader();
        Await.of(leader.takeOver("p", EPOCH));
        for (int i = 1; i <= EVENTS; i++) {
            Await.of(leader.append("p", EPOCH, i, List.of(event("e" + i))));
            if (i % 100 == 0) {
                snapshotAll(group);
            }
        }
        Await.of(leader.append("later", Epoch.NONE, 1, List.of(event("l"))));
    }

    private static void snapshotAll(TestGroup group) {
        for (RaftGroup node : group.running()) {
            Await.of(node.barrier());
            assertTrue(Await.of(node.snapshot()), "a snapshot of " + node.self());
        }
    }

    private void catchesUp(TestGroup group, NodeId absent) throws IOException {
        long restart = System.nanoTime();
        RaftGroup back = group.start(absent);
        var live = new ArrayList<String>();
        var reading = readOn(back, 1, live); // begins before the snapshot is here
        Await.until("it has everything", () -> isUpToDate(back));
        Await.of(reading);
        assertEquals(EVENTS, live.size());
        assertEquals(EVENTS + ":e" + EVENTS, live.getLast());

        assertEquals(new Fence(EPOCH, EVENTS), back.fence("p"));
        assertTrue(back.leaseWatch("p").older().orElseThrow() >= restart);
        assertEquals(
                IntStream.rangeClosed(1, EVENTS).mapToObj(i -> i + ":e" + i).toList(),
                texts(Await.of(back.events("p", 1, Long.MAX_VALUE, 1000))));
        assertEquals(List.of("1:l"), texts(Await.of(back.events("later", 1, 9, 9))));
        assertTrue(hasSnapshot(absent), "the log alone had it all");

        Await.of(back.append("p", EPOCH, EVENTS + 1, List.of(event("x"))));
        group.stop(group.running().stream()
                .map(RaftGroup::self)
                .filter(node -> !node.equals(absent))
                .findFirst()
                .orElseThrow()); // now it counts
        Await.of(back.append("p", EPOCH, EVENTS + 2, List.of(event("y"))));
    }

    /** Installing a snapshot can take longer than a barrier waits, in a JVM that has just begun. */
    private static boolean isUpToDate(RaftGroup node) {
        try {
            Await.of(node.barrier());
            return true;
        } catch (OutcomeNotKnown e) {
            return false;
        }
    }

    /** What a live query does. */
    private static CompletionStage<Void> readOn(RaftGroup node, long first, List<String> found) {
        return first > EVENTS
                ? CompletableFuture.completedFuture(null)
                : node.nextEvents("p", first, EVENTS, 10).thenCompose(page -> {
                    found.addAll(texts(page));
                    return readOn(node, page.getLast().sequenceNr() + 1, found);
                });
    }

    private boolean hasSnapshot(NodeId node) throws IOException {
        Path snapshots = directory.resolve(node.value()).resolve("raft/snapshot");
        try (Stream<Path> content = Files.list(snapshots)) {
            return content.anyMatch(path -> path.getFileName().toString().startsWith("snapshot_"));
        }
    }

    @Test
    void aNodeThatWasAwayCatchesUpAndTakesPartAgain() throws IOException {
        try (var group = TestGroup.start(directory, 3)) {
            NodeId absent = group.follower().self();
            Await.of(group.awaitLeader().append("before", Epoch.NONE, 1, List.of(event("b"))));
            group.stop(absent);
            goOnWithout(group);

            catchesUp(group, absent);
        }
    }

    @Test
    void aNodeThatLostItsDiskCatchesUpAndTakesPartAgain() throws IOException {
        try (var group = TestGroup.start(directory, 3)) {
            NodeId absent = group.follower().self();
            group.stop(absent);
            goOnWithout(group);
            group.loseDirectory(absent);

            catchesUp(group, absent);
        }
    }

    /** The leader's disk is damaged: the follower keeps what it has, says which file, and takes it when it is whole. */
    @Test
    void aDamagedSnapshotIsRefusedAndReplacesNothing() throws IOException {
        try (var group = TestGroup.start(directory, 3);
                var log = new LogOf(CheckedSnapshotStorage.class)) {
            NodeId absent = group.follower().self();
            Await.of(group.awaitLeader().append("before", Epoch.NONE, 1, List.of(event("b"))));
            Await.of(group.get(absent).barrier());
            group.stop(absent);
            goOnWithout(group);
            List<Path> tables = new ArrayList<>();
            for (RaftGroup node : group.running()) {
                Path snapshots = directory.resolve(node.self().value()).resolve("raft/snapshot");
                for (Path snapshot : DamageTest.files(snapshots, "snapshot_")) {
                    tables.addAll(DamageTest.files(snapshot.resolve("store"), ".sst"));
                }
            }
            for (Path table : tables) {
                DamageTest.flipBit(table, 30);
            }

            RaftGroup back = group.start(absent);
            Await.until("the damage is told", () -> log.contains(".sst is damaged"));
            assertEquals(List.of("1:b"), texts(Await.of(back.events("before", 1, 9, 9))));
            assertEquals(0, back.fence("p").highest());

            for (Path table : tables) {
                DamageTest.flipBit(table, 30);
            }
            Await.until("the whole one is taken", () -> back.fence("p").highest() == EVENTS);
            assertEquals(EVENTS, Await.of(back.events("p", 1, 1000, 1000)).size());
        }
    }

    /** JRaft does so with what an interrupted copy left and the next snapshot has not; it failed, for ever. */
    @Test
    void filesOfASnapshotMayBeRemovedWhileTheyAreListed() {
        var storage = new CheckedSnapshotStorage(directory.toString(), new RaftOptions());
        assertTrue(storage.init(null));
        SnapshotWriter writer = requireNonNull(storage.create());
        IntStream.range(0, 20)
                .forEach(i -> writer.addFile(
                        "store/" + i + ".sst",
                        LocalFileMeta.newBuilder().setChecksum("0:0").build()));

        writer.listFiles().forEach(writer::removeFile);

        assertEquals(Set.of(), writer.listFiles());
    }

    @Test
    void aCopyThatComesToNothingIsBegunAgainLaterAndLaterButAtLeastOnceAMinute() {
        assertEquals(Duration.ZERO, CheckedSnapshotStorage.pause(0));
        assertEquals(Duration.ofSeconds(1), CheckedSnapshotStorage.pause(1));
        assertEquals(Duration.ofSeconds(4), CheckedSnapshotStorage.pause(3));
        assertEquals(Duration.ofSeconds(60), CheckedSnapshotStorage.pause(1_000_000));
    }

    @Test
    void aFollowerALittleBehindIsServedFromTheLog() throws IOException {
        try (var group = TestGroup.start(directory, 3)) {
            NodeId absent = group.follower().self();
            RaftGroup leader = group.awaitLeader();
            Await.of(leader.append("p", Epoch.NONE, 1, List.of(event("1"))));
            Await.of(group.get(absent).barrier());
            group.stop(absent);
            Await.of(leader.append("p", Epoch.NONE, 2, List.of(event("2"))));
            snapshotAll(group);

            RaftGroup back = group.start(absent);
            Await.of(back.barrier());

            assertEquals(List.of("1:1", "2:2"), texts(Await.of(back.events("p", 1, 9, 9))));
            assertFalse(hasSnapshot(absent));
        }
    }

    @Test
    void aRestartAfterSnapshotsHasEverythingAndKeepsOneSnapshot() throws IOException {
        try (var group = TestGroup.start(directory, 1)) {
            goOnWithout(group);
            group.stop(new NodeId("n1"));

            RaftGroup again = group.start(new NodeId("n1"));
            group.awaitLeader();

            assertEquals(EVENTS, Await.of(again.events("p", 1, 1000, 1000)).size());
            try (Stream<Path> content = Files.list(directory.resolve("n1/raft/snapshot"))) {
                assertEquals(1, content.count());
            }
            Await.of(again.append("p", EPOCH, EVENTS + 1, List.of(event("x"))));
        }
    }
}
