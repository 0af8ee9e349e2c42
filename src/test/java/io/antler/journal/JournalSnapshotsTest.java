package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** What one replica saves, another one loads. */
class JournalSnapshotsTest {
    @TempDir
    Path directory = Path.of("");

    private LoneReplica from;
    private LoneReplica to;

    @BeforeEach
    void open() throws RocksDBException {
        from = new LoneReplica(directory.resolve("from"));
        to = new LoneReplica(directory.resolve("to"));
    }

    @AfterEach
    void close() throws RocksDBException {
        from.close();
        to.close();
    }

    private static List<String> events(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> i + ":e" + i).toList();
    }

    @Test
    void everythingThatIsStoredComesAcross() {
        var snapshot = new ActorSnapshot(2, 17, 1, "m", ByteString.fromString("state"));
        from.append(1, 3);
        from.apply(4, new Entry.TakeOver("p", new Epoch(7)));
        from.apply(5, new Entry.DeleteTo("p", 1));
        from.apply(6, new Entry.TakeSideLease("side", "n1", -1));
        from.apply(7, new Entry.SaveSnapshot("p", 2, ByteString.fromArray(snapshot.encoded())));
        from.snapshotNow(7);
        to.clock.set(500);

        assertTrue(to.load(from));

        assertEquals(7, to.replica.applied());
        assertEquals(List.of("2:e2", "3:e3"), to.texts("p"));
        assertEquals(new Fence(new Epoch(7), 3), to.replica.histories().of("p").fence());
        assertEquals(
                LeaseWatch.started(500), to.replica.histories().leaseWatch("p"), "renewals before it were not seen");
        assertEquals(
                new SideLeases.Seen(new SideLeases.Holding("n1", 1), 500),
                to.replica.sideLeases().seen("side"));
        assertEquals(List.of(snapshot), Await.of(CompletableFuture.supplyAsync(this::snapshots)));
        assertEquals(List.of("p"), to.replica.histories().persistenceIds(0));
    }

    private List<ActorSnapshot> snapshots() {
        try {
            return to.replica.actorSnapshots().matching("p", SnapshotCriteria.one(2, 0), 9);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSnapshotThatHasMoreThanItsIndexSaysIsGoneOnFromWithoutDoingAnythingTwice() {
        from.append(1, 10);
        from.apply(11, new Entry.TakeOver("p", new Epoch(2)));
        from.snapshotNow(5); // as if all after 5 was applied while it was made

        assertTrue(to.load(from));
        to.append(6, 10);
        to.apply(11, new Entry.TakeOver("p", new Epoch(2)));
        to.apply(
                12,
                new Entry.Append(
                        "p", Epoch.NONE, 11, List.of(TestGroup.event("e11").encoded())));

        assertEquals(List.of(), to.failures());
        assertEquals(events(11), to.texts("p"));
        assertEquals(new Fence(new Epoch(2), 11), to.replica.histories().of("p").fence());
    }

    @Test
    void whatIsAppliedWhileASnapshotIsMadeIsInItOrIsAppliedLater() {
        from.append(1, 100);
        CompletableFuture<Path> made = from.snapshot(100);
        from.append(101, 2_000);
        Await.of(made);

        assertTrue(to.load(from));
        assertTrue(to.replica.applied() >= 100);
        to.append(101, 2_000);

        assertEquals(events(2_000), to.texts("p"));
    }

    @Test
    void aStoreThatIsAsNewIsLeftAlone() {
        from.append(1, 5);
        from.snapshotNow(5);
        to.append(1, 7);

        assertTrue(to.load(from));

        assertEquals(7, to.replica.applied());
        assertEquals(events(7), to.texts("p"));
    }

    @Test
    void whoWaitsForAnEventThatTheSnapshotBringsIsWoken() {
        to.append(1, 2);
        var next = to.replica.histories().arrivals().next("p");
        var first = to.replica.histories().arrivals().next("q");
        var any = to.replica.histories().arrivals().next(Histories.ANY_NEW);
        from.append(1, 5);
        from.apply(
                6,
                new Entry.Append(
                        "q", Epoch.NONE, 1, List.of(TestGroup.event("x").encoded())));
        from.snapshotNow(6);

        assertTrue(to.load(from));

        Await.of(next);
        Await.of(first);
        Await.of(any);
        assertEquals(List.of("p", "q"), to.replica.histories().persistenceIds(0));
    }

    @Test
    void readersMeanwhileSeeTheOldOrTheNewButNeverAHole() throws InterruptedException, ExecutionException {
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> readers = Stream.generate(() -> threads.submit(() -> readUntil(stop)))
                    .limit(3)
                    .toList();
            for (int round = 1; round <= 10; round++) {
                from.append((round - 1) * 20L + 1, round * 20L);
                from.snapshotNow(round * 20L);
                assertTrue(to.load(from));
            }
            stop.set(true);
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get() > 0);
            }
        }
        assertEquals(events(200), to.texts("p"));
    }

    private int readUntil(AtomicBoolean stop) {
        int reads = 0;
        while (!stop.get() || reads == 0) {
            List<String> found = to.texts("p");
            assertEquals(events(found.size()), found);
            reads++;
        }
        return reads;
    }

    @Test
    void aDamagedFileIsNamedAndReplacesNothing() throws IOException {
        from.append(1, 50);
        Path snapshot = from.snapshotNow(50);
        to.append(1, 7);
        Path table = DamageTest.files(snapshot.resolve("store"), ".sst").getFirst();
        DamageTest.flipBit(table, Files.size(table) / 2);

        assertFalse(to.load(from));

        String message = String.valueOf(to.failures().getFirst().getMessage());
        assertTrue(message.contains(table.toString()), message);
        assertInstanceOf(JournalDamaged.class, to.failures().getFirst().getCause());
        assertEquals(7, to.replica.applied());
        assertEquals(events(7), to.texts("p"));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        from.append(1, 50);
        Path snapshot = from.snapshotNow(50);
        Path table = DamageTest.files(snapshot.resolve("store"), ".sst").getFirst();
        Files.delete(table);

        assertFalse(to.load(from));

        String message = String.valueOf(to.failures().getFirst().getMessage());
        assertTrue(message.contains(table.toString()), message);
    }
}
