package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * The events of this replica in RocksDB. The Raft log is the write-ahead log: RocksDB's own is off, its column families
 * are flushed together, and the index of the last applied entry is in every batch. So after a power loss it is an older,
 * whole state that the Raft log brings up to date again.
 *
 * <p>Events: persistence id, 0, sequence number (8 bytes, big-endian) → encoded {@link Envelope}. Snapshots: the same key →
 * encoded {@link ActorSnapshot}. Meta: {@code a} → applied index; {@code f} → format; a letter for each {@link Kind} + name →
 * what its owner stores there.
 *
 * <p>One thread writes (the one that applies); any thread reads, through a {@link View}.
 */
final class EventStore implements AutoCloseable {

    /** A read gives no more than this at once, but always one event. */
    private static final long READ_LIMIT_BYTES = 4 << 20;

    private static final byte[] APPLIED = {'a'};

    /** What a name in the meta data stands for. A stored format: letters are only added. */
    enum Kind {
        HISTORY('p'),
        SIDE_LEASE('s'),
        CLUSTER('c'),
        MEMBER('m'),
        LOG_REACH('l');

        private final byte letter;

        Kind(char letter) {
            this.letter = (byte) letter;
        }

        private byte[] key(String name) {
            byte[] bytes = name.getBytes(UTF_8);
            return ByteBuffer.allocate(1 + bytes.length).put(letter).put(bytes).array();
        }
    }

    /** What is kept in memory of the store. */
    interface Table {
        /** Forgets what it has and takes what the store has. Called on the applying thread, or before it exists. */
        void load() throws RocksDBException;
    }

    private final ReadWriteLock use = new ReentrantReadWriteLock(); // closing under a reader would crash the JVM
    private final StoreDirectory directory;
    private final SpaceKeeper space = new SpaceKeeper(this);
    private @Nullable EventDatabase database;

    EventStore(StoreDirectory directory, EventDatabase database) {
        this.directory = directory;
        this.database = database;
    }

    /** @throws JournalUnusable if it is damaged, or another process has it open */
    static EventStore open(Path directory) {
        return new StoreOpening(directory).open();
    }

    /** For the applying thread, which alone replaces and is over before anybody closes; others hold the lock. */
    private EventDatabase database() {
        if (database == null) {
            throw new IllegalStateException("the journal of this node is closed");
        }
        return database;
    }

    long applied() throws RocksDBException {
        return applied(database());
    }

    private static long applied(EventDatabase database) throws RocksDBException {
        byte[] value = database.rocks().get(database.meta(), APPLIED);
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    /** All that is stored of one kind, by name. */
    Map<String, byte[]> all(Kind kind) throws RocksDBException {
        var found = new HashMap<String, byte[]>();
        try (RocksIterator iterator = database().rocks().newIterator(database().meta())) {
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
                batch.put(database().events(), key(persistenceId, sequenceNr++), event);
            }
        }

        void deleteRange(String persistenceId, long first, long last) throws RocksDBException {
            batch.deleteRange(database().events(), key(persistenceId, first), key(persistenceId, last + 1));
        }

        void put(Kind kind, String name, byte[] value) throws RocksDBException {
            batch.put(database().meta(), kind.key(name), value);
        }

        void putSnapshot(String persistenceId, long sequenceNr, byte[] snapshot) throws RocksDBException {
            batch.put(database().snapshots(), key(persistenceId, sequenceNr), snapshot);
        }

        void deleteSnapshot(String persistenceId, long sequenceNr) throws RocksDBException {
            batch.delete(database().snapshots(), key(persistenceId, sequenceNr));
        }

        /** Run when everything is stored: readers must not be told of what they cannot read yet. */
        void then(Runnable step) {
            afterwards.add(step);
        }

        void store(long index) throws RocksDBException {
            batch.put(
                    database().meta(),
                    APPLIED,
                    ByteBuffer.allocate(Long.BYTES).putLong(index).array());
            database().rocks().write(database().unlogged(), batch);
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
            byte[] key = key(persistenceId, sequenceNr++);
            if (!Arrays.equals(event, database().rocks().get(database().events(), key))) {
                return false;
            }
        }
        return true;
    }

    /** What is stored as of one moment. Any thread. Hold it for a short time only: nothing replaces the store meanwhile. */
    final class View implements AutoCloseable {
        private final EventDatabase viewed;
        private final Snapshot moment;
        private final ReadOptions options;

        private View() {
            use.readLock().lock();
            try {
                viewed = database();
                moment = viewed.rocks().getSnapshot();
                options = new ReadOptions().setSnapshot(moment);
            } catch (RuntimeException e) {
                use.readLock().unlock();
                throw e;
            }
        }

        byte @Nullable [] get(Kind kind, String name) throws RocksDBException {
            return viewed.rocks().get(viewed.meta(), options, kind.key(name));
        }

        /** In order, from the first one that exists at or after {@code first}. */
        List<StoredEvent> events(String persistenceId, long first, long last, int max) throws RocksDBException {
            var found = new ArrayList<StoredEvent>();
            byte[] end = key(persistenceId, last);
            long lengthBytes = 0;
            try (RocksIterator iterator = viewed.rocks().newIterator(viewed.events(), options)) {
                for (iterator.seek(key(persistenceId, first));
                        iterator.isValid() && found.size() < max && lengthBytes < READ_LIMIT_BYTES;
                        iterator.next()) {
                    byte[] key = iterator.key();
                    if (Arrays.compareUnsigned(key, end) > 0) {
                        break;
                    }
                    byte[] value = iterator.value();
                    lengthBytes += value.length;
                    found.add(new StoredEvent(sequenceNr(key), Envelope.decode(value)));
                }
                iterator.status();
            }
            return found;
        }

        /** Newest first, without those that the criteria leave out. */
        List<ActorSnapshot> snapshots(String persistenceId, SnapshotCriteria criteria, int max)
                throws RocksDBException {
            var found = new ArrayList<ActorSnapshot>();
            byte[] least = key(persistenceId, criteria.minSequenceNr());
            try (RocksIterator iterator = viewed.rocks().newIterator(viewed.snapshots(), options)) {
                for (iterator.seekForPrev(key(persistenceId, criteria.maxSequenceNr()));
                        iterator.isValid() && found.size() < max;
                        iterator.prev()) {
                    byte[] key = iterator.key();
                    if (Arrays.compareUnsigned(key, least) < 0) {
                        break;
                    }
                    ActorSnapshot snapshot = ActorSnapshot.decode(sequenceNr(key), iterator.value());
                    if (criteria.takes(snapshot.timestamp())) {
                        found.add(snapshot);
                    }
                }
                iterator.status();
            }
            return found;
        }

        @Override
        public void close() {
            options.close();
            viewed.rocks().releaseSnapshot(moment);
            use.readLock().unlock();
        }
    }

    View view() {
        return new View();
    }

    /**
     * A copy that shares the sorted tables with the store, as of some moment after the call. Any thread; takes as long as a
     * flush.
     *
     * @param target must not exist
     */
    void checkpoint(Path target) throws RocksDBException {
        use.readLock().lock();
        try {
            database().flush();
            try (var checkpoint = Checkpoint.create(database().rocks())) {
                checkpoint.createCheckpoint(target.toString());
            }
        } finally {
            use.readLock().unlock();
        }
    }

    /** Reads all of a copy of a store, such as {@link #checkpoint} makes. */
    static long verifiedApplied(Path copy) throws RocksDBException {
        try (var database = EventDatabase.openReadOnly(copy)) {
            database.rocks().verifyChecksum();
            return applied(database);
        }
    }

    /** Index of the last entry applied in a copy of a store. */
    static long applied(Path copy) throws RocksDBException {
        try (var database = EventDatabase.openReadOnly(copy)) {
            return applied(database);
        }
    }

    /**
     * Puts a verified copy in the place of what is stored. Applying thread. Readers wait meanwhile, and see either all of the
     * old or all of the new. When this fails the store is as it was, or closed.
     *
     * @param tables are loaded before anybody reads
     */
    void replaceBy(Path copy, List<Table> tables) throws IOException, RocksDBException {
        directory.prepare(copy);
        use.writeLock().lock();
        try {
            database().close();
            database = null;
            directory.swap();
            database = EventDatabase.open(directory.current());
            for (Table table : tables) {
                table.load();
            }
            directory.deletePrevious();
        } finally {
            use.writeLock().unlock();
        }
    }

    /** What needs the open database and may take long. Any thread but the applying one. */
    interface Work {
        void with(EventDatabase database) throws RocksDBException;
    }

    void inUse(Work work) throws RocksDBException {
        use.readLock().lock();
        try {
            if (database != null) {
                work.with(database);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    /** What gives back the disk space of deleted events. */
    SpaceKeeper space() {
        return space;
    }

    /** For a message, and for what the next start of this node looks at. */
    RuntimeException failed(String what, RocksDBException e) {
        return new StoreOpening(directory.current()).failed(what, e);
    }

    private static long sequenceNr(byte[] key) {
        return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    }

    static byte[] key(String persistenceId, long sequenceNr) {
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
        space.close();
        use.writeLock().lock();
        try {
            if (database != null) {
                try (var closing = database) {
                    closing.flush();
                } finally {
                    database = null;
                }
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
