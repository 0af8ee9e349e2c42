package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A store that a later release wrote is refused, and left as it is. */
class NewerStoreTest {
    @TempDir
    Path parent = Path.of("");

    private Path events = Path.of("");

    @BeforeEach
    void store() throws RocksDBException {
        events = parent.resolve("events");
        EventStore.open(events).close();
    }

    private interface Step {
        void with(RocksDB database, List<ColumnFamilyHandle> families) throws RocksDBException;
    }

    private void asALaterRelease(Step step) throws RocksDBException {
        var families = new ArrayList<ColumnFamilyHandle>();
        var descriptors = Stream.of("default", "events", "meta", "snapshots")
                .map(name -> new ColumnFamilyDescriptor(name.getBytes(UTF_8)))
                .toList();
        try (var options = new DBOptions();
                var database = RocksDB.open(options, events.toString(), descriptors, families)) {
            step.with(database, families);
            families.forEach(ColumnFamilyHandle::close);
        }
    }

    private void assertRefused() throws IOException {
        var refused = assertThrows(
                JournalUnusable.class, () -> new StoreOpening(events).openOrRebuild(parent.resolve("raft/log")));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(events.toString()) && message.contains("Install that release"), message);
        assertTrue(DamageTest.files(parent, "events").size() == 1, "nothing is moved aside");
    }

    @Test
    void anotherFormatIsRefused() throws RocksDBException, IOException {
        asALaterRelease((database, families) -> database.put(families.get(2), new byte[] {'f'}, new byte[] {2}));

        assertRefused();
    }

    @Test
    void aColumnFamilyThatIsNotKnownIsRefused() throws RocksDBException, IOException {
        asALaterRelease(
                (database, _) -> database.createColumnFamily(new ColumnFamilyDescriptor("later".getBytes(UTF_8)))
                        .close());

        assertRefused();
    }
}
