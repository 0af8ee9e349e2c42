package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RocksDBException;

/** Flipped bits and lost ends in the files of the event store. */
class DamageTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final int EVENTS = 200;

    @TempDir
    Path directory = Path.of("");

    static List<Path> files(Path directory, String part) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            return content.filter(path -> path.getFileName().toString().contains(part))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    static void flipBit(Path file, long position) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            int value = access.read();
            access.seek(position);
            access.write(value ^ 4);
        }
    }

    private static void damage(Path file, String how) throws IOException {
        switch (how) {
            case "flipped" -> flipBit(file, Files.size(file) / 2);
            case "truncated" -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(Files.size(file) / 2);
                }
            }
            case "removed" -> Files.delete(file);
            default -> throw new IllegalArgumentException(how);
        }
    }

    private Path storeWithEvents() throws RocksDBException {
        Path events = directory.resolve("events");
        try (var store = EventStore.open(events)) {
            var replica = new Replica(store, () -> 0);
            for (int i = 1; i <= EVENTS; i++) {
                replica.onApply(new Committed(i, LoneReplica.append("p", i, "some text " + i)));
            }
        }
        return events;
    }

    /** Either it does not open, or reading fails; and the message names the file. */
    @ParameterizedTest
    @CsvSource({
        ".sst,flipped",
        ".sst,truncated",
        ".sst,removed",
        "MANIFEST,flipped",
        "MANIFEST,removed",
        "CURRENT,flipped",
        "CURRENT,truncated",
        "CURRENT,removed"
    })
    void aDamagedStoreSaysWhichFileAndNeverGivesAHistoryWithAHole(String kind, String how)
            throws IOException, RocksDBException {
        Path events = storeWithEvents();
        for (Path file : files(events, kind)) {
            damage(file, how);
        }

        var refused = assertThrows(RuntimeException.class, () -> readAll(events));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(events.toString()) && message.contains("damaged"), message);
        assertTrue(message.contains(kind) || (kind.equals("CURRENT") && message.contains("MANIFEST")), message);
    }

    private static List<StoredEvent> readAll(Path events) throws RocksDBException {
        try (var store = EventStore.open(events)) {
            return new Replica(store, () -> 0).histories().read("p", 1, EVENTS, 10_000);
        }
    }

    /** RocksDB takes a MANIFEST without its end for one that was being written: an older state, but a whole one. */
    @Test
    void aTruncatedManifestGivesAnOlderWholeStateOrAnError() throws IOException, RocksDBException {
        Path events = storeWithEvents();
        damage(files(events, "MANIFEST").getFirst(), "truncated");

        try (var store = EventStore.open(events)) {
            var replica = new Replica(store, () -> 0);
            long applied = replica.applied();
            List<StoredEvent> found = replica.histories().read("p", 1, EVENTS, 10_000);
            assertEquals(applied, found.size());
        } catch (JournalUnusable | JournalDamaged e) {
            assertTrue(String.valueOf(e.getMessage()).contains(events.toString()), e.getMessage());
        }
    }

    @Test
    void anEventThatIsMissingInTheMiddleIsAnErrorAndNotAGap() throws RocksDBException {
        Path events = storeWithEvents();
        try (var store = EventStore.open(events)) {
            try (var change = store.change()) {
                change.deleteRange("p", 100, 100);
                change.store(EVENTS + 1);
            }
            var histories = new Replica(store, () -> 0).histories();

            var missing = assertThrows(JournalDamaged.class, () -> histories.read("p", 50, EVENTS, 1000));
            assertTrue(String.valueOf(missing.getMessage()).contains("event 100 of p"), missing.getMessage());
            assertThrows(JournalDamaged.class, () -> histories.read("p", 100, 100, 1000));
            assertEquals(99, histories.read("p", 1, 99, 1000).size());
        }
    }

    private static List<String> texts() {
        return IntStream.rangeClosed(1, EVENTS).mapToObj(i -> i + ":e" + i).toList();
    }

    private TestGroup groupWithEvents() {
        var group = TestGroup.start(directory, 1);
        RaftGroup node = group.awaitLeader();
        for (int i = 1; i <= EVENTS; i++) {
            Await.of(node.append("p", Epoch.NONE, i, List.of(TestGroup.event("e" + i))));
        }
        return group;
    }

    /** While the Raft log has it all, nothing is lost. */
    @ParameterizedTest
    @CsvSource({"CURRENT,removed", "CURRENT,truncated", "MANIFEST,flipped", ".sst,truncated", ".sst,removed"})
    void aNodeRebuildsADamagedStoreFromItsOwnLog(String kind, String how) throws IOException {
        try (var group = groupWithEvents()) {
            group.stop(N1);
            Path store = directory.resolve("n1/events");
            for (Path file : files(store, kind)) {
                damage(file, how);
            }

            RaftGroup again = group.start(N1);
            group.awaitLeader();

            assertEquals(texts(), TestGroup.texts(Await.of(again.events("p", 1, 1000, 1000))));
            assertTrue(Files.isDirectory(directory.resolve("n1/events.damaged-1")));
        }
    }

    @Test
    void aNodeRebuildsADamagedStoreFromItsOwnSnapshotAndLog() throws IOException {
        try (var group = groupWithEvents()) {
            for (int more = 1; more <= 3; more++) {
                Await.of(group.awaitLeader().snapshot());
                Await.of(group.awaitLeader().append("q", Epoch.NONE, more, List.of(TestGroup.event("q"))));
            }
            group.stop(N1);
            Files.delete(directory.resolve("n1/events/CURRENT"));

            RaftGroup again = group.start(N1);
            group.awaitLeader();

            assertEquals(texts(), TestGroup.texts(Await.of(again.events("p", 1, 1000, 1000))));
            assertEquals(3, again.fence("q").highest());
        }
    }

    /** Found by a reader: the node stops, and its next start looks at everything before it trusts it. */
    @Test
    void damageThatAReaderFindsStopsTheNodeAndIsRepairedAtTheNextStart() throws IOException {
        try (var group = groupWithEvents()) {
            group.stop(N1); // flushes
            RaftGroup node = group.start(N1);
            group.awaitLeader();
            var failure = new CompletableFuture<Throwable>();
            node.onFailure(failure::complete);
            for (Path table : files(directory.resolve("n1/events"), ".sst")) {
                flipBit(table, 20);
            }

            var refused = assertThrows(JournalDamaged.class, () -> Await.of(node.events("p", 1, 1000, 1000)));
            assertTrue(String.valueOf(refused.getMessage()).contains(".sst"), refused.getMessage());
            Await.of(failure);
            group.stop(N1);
            RaftGroup again = group.start(N1);
            group.awaitLeader();

            assertEquals(texts(), TestGroup.texts(Await.of(again.events("p", 1, 1000, 1000))));
        }
    }

    @Test
    void withoutARaftLogADamagedStoreIsNotReplacedByAnEmptyOne() throws IOException, RocksDBException {
        Path events = storeWithEvents();
        Files.delete(events.resolve("CURRENT"));

        var refused = assertThrows(
                JournalUnusable.class, () -> new StoreOpening(events).openOrRebuild(directory.resolve("raft/log")));

        assertTrue(String.valueOf(refused.getMessage()).contains("no Raft log"), refused.getMessage());
        assertTrue(files(events, ".sst").size() > 0);
    }
}
