package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The events of this replica in RocksDB. The Raft log is the write-ahead log: RocksDB's own is off, its column families
 * are flushed together, and the index of the last applied entry is in every batch. So after a power loss it is an older,
 * whole state that the Raft log brings up to date again.
 *
 * <p>Events: persistence id, 0, sequence number (8 bytes, big-endian) → encoded {@link Envelope}. Meta: {@code a} → applied
 * index; a letter for each {@link Kind} + name → what its owner stores there.
 *
 * <p>One thread writes (the one that applies); any thread reads.
 */
final class EventStore implements AutoCloseable {
    /** A read gives no more than this at once, but always one event. */
    private static final long READ_LIMIT_BYTES = 4 << 20;

    private static final byte[] APPLIED = {'a'};

    static {
        RocksDB.loadLibrary();
    }

    /** What a name in the meta data stands for. A stored format: letters are only added. */
    enum Kind {
        HISTORY('p'),
        SIDE_LEASE('s'),
        CLUSTER('c'),
        MEMBER('m');

        private final byte letter;

        Kind(char letter) {
            this.letter = (byte) letter;
        }

        private byte[] key(String name) {
            byte[] bytes = name.getBytes(UTF_8);
            return ByteBuffer.allocate(1 + bytes.length).put(letter).put(bytes).array();
        }
    }

    private final ReadWriteLock use = new ReentrantReadWriteLock(); // closing under a reader would crash the JVM
    private final DBOptions options;
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final RocksDB database;
    private final List<ColumnFamilyHandle> families;
    private boolean closed;

    private EventStore(
            DBOptions options, ColumnFamilyOptions familyOptions, RocksDB database, List<ColumnFamilyHandle> families) {
        this.options = options;
        this.familyOptions = familyOptions;
        this.database = database;
        this.families = families;
    }

    /** @throws JournalUnusable if it is damaged, or another process has it open */
    static EventStore open(Path directory) {
        var options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setKeepLogFileNum(2);
        var familyOptions = new ColumnFamilyOptions()
                .setWriteBufferSize(16 << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        var families = new ArrayList<ColumnFamilyHandle>();
        try {
            var descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions),
                    new ColumnFamilyDescriptor("events".getBytes(UTF_8), familyOptions),
                    new ColumnFamilyDescriptor("meta".getBytes(UTF_8), familyOptions));
            RocksDB database = RocksDB.open(options, directory.toString(), descriptors, families);
            return new EventStore(options, familyOptions, database, families);
        } catch (RocksDBException e) {
            familyOptions.close();
            options.close();
            throw new JournalUnusable(
                    "The event store " + directory + " cannot be opened: " + e.getMessage()
                            + ". If another Antler process runs on this directory, stop it first;"
                            + " if the store is damaged, move " + directory.getParent()
                            + " aside as a whole and start again: this node then copies the journal from the others.",
                    e);
        }
    }

    long applied() throws RocksDBException {
        byte[] value = database.get(meta(), APPLIED);
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    /** All that is stored of one kind, by name. */
    Map<String, byte[]> all(Kind kind) throws RocksDBException {
        var found = new HashMap<String, byte[]>();
        try (RocksIterator iterator = database.newIterator(meta())) {
            for (iterator.seek(new byte[] {kind.letter}); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (key[0] != kind.letter) {
                    break;
                }
                found.put(new String(key, 1, key.length - 1, UTF_8), iterator.value());
            }
            iterator.status();
        }
        return found;
    }

    /** Everything that one log entry changes, together with its index. */
    final class Change implements AutoCloseable {
        private final WriteBatch batch = new WriteBatch();
        private final List<Runnable> afterwards = new ArrayList<>();

        void append(String persistenceId, long first, List<byte[]> events) throws RocksDBException {
            long sequenceNr = first;
            for (byte[] event : events) {
                batch.put(events(), key(persistenceId, sequenceNr++), event);
            }
        }

        void deleteRange(String persistenceId, long first, long last) throws RocksDBException {
            batch.deleteRange(events(), key(persistenceId, first), key(persistenceId, last + 1));
        }

        void put(Kind kind, String name, byte[] value) throws RocksDBException {
            batch.put(meta(), kind.key(name), value);
        }

        /** Run when everything is stored: readers must not be told of what they cannot read yet. */
        void then(Runnable step) {
            afterwards.add(step);
        }

        void store(long index) throws RocksDBException {
            batch.put(
                    meta(),
                    APPLIED,
                    ByteBuffer.allocate(Long.BYTES).putLong(index).array());
            database.write(unlogged, batch);
            afterwards.forEach(Runnable::run);
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    Change change() {
        return new Change();
    }

    /** Whether exactly these events are stored under these numbers: then an append of them is a retry. */
    boolean holds(String persistenceId, long first, List<byte[]> events) throws RocksDBException {
        long sequenceNr = first;
        for (byte[] event : events) {
            if (!Arrays.equals(event, database.get(events(), key(persistenceId, sequenceNr++)))) {
                return false;
            }
        }
        return true;
    }

    /** In order, from the first one that exists at or after {@code first}; any thread. */
    List<StoredEvent> read(String persistenceId, long first, long last, int max) {
        use.readLock().lock();
        try (var options = new ReadOptions()) {
            if (closed) {
                throw new IllegalStateException("the journal of this node is closed");
            }
            return read(options, persistenceId, first, last, max);
        } catch (RocksDBException e) {
            throw new IllegalStateException(
                    "events of " + persistenceId + " from " + first + " not read: " + e.getMessage()
                            + "; check the disk of this node",
                    e);
        } finally {
            use.readLock().unlock();
        }
    }

    private List<StoredEvent> read(ReadOptions options, String persistenceId, long first, long last, int max)
            throws RocksDBException {
        var found = new ArrayList<StoredEvent>();
        byte[] end = key(persistenceId, last);
        long lengthBytes = 0;
        try (RocksIterator iterator = database.newIterator(events(), options)) {
            for (iterator.seek(key(persistenceId, first));
                    iterator.isValid() && found.size() < max && lengthBytes < READ_LIMIT_BYTES;
                    iterator.next()) {
                byte[] key = iterator.key();
                if (Arrays.compareUnsigned(key, end) > 0) {
                    break;
                }
                byte[] value = iterator.value();
                lengthBytes += value.length;
                long sequenceNr = ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
                found.add(new StoredEvent(sequenceNr, Envelope.decode(value)));
            }
            iterator.status();
        }
        return found;
    }

    private ColumnFamilyHandle events() {
        return families.get(1);
    }

    private ColumnFamilyHandle meta() {
        return families.get(2);
    }

    private static byte[] key(String persistenceId, long sequenceNr) {
        byte[] name = persistenceId.getBytes(UTF_8);
        return ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                .put(name)
                .put((byte) 0)
                .putLong(sequenceNr)
                .array();
    }

    /** Flushes, so that the next start has little of the Raft log to apply again. */
    @Override
    public void close() throws RocksDBException {
        use.writeLock().lock();
        try (var flush = new FlushOptions().setWaitForFlush(true)) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                database.flush(flush, families);
            } finally {
                families.forEach(ColumnFamilyHandle::close);
                database.close();
                unlogged.close();
                familyOptions.close();
                options.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
