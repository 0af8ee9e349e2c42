package io.antler.journal.disk;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft log for JRaft. Instead of JRaft's own, which drops acknowledged entries after damage, and for which a full disk is
 * the end of the node.
 *
 * <p>Entries: index (8 bytes, big-endian) → JRaft's encoding. Configurations: the same again for those that change the group;
 * {@code meta/firstLogIndex} → the first index that is kept. One thread of JRaft writes, any reads.
 */
final class RaftLog implements LogStorage {
    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);
    private static final byte[] FIRST = "meta/firstLogIndex".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final LogDatabase database;
    private final Space space;
    private final SyncTimes times;
    private final ReadWriteLock use = new ReentrantReadWriteLock(); // closing under a reader would crash the JVM
    private final LogEntryEncoder encoder = LogEntryV2CodecFactory.getInstance().encoder();
    private final LogEntryDecoder decoder = LogEntryV2CodecFactory.getInstance().decoder();
    private volatile long first = 1;
    private volatile long synced;
    private boolean closed;

    private RaftLog(LogDatabase database, Space space, SyncTimes times) {
        this.database = database;
        this.space = space;
        this.times = times;
        byte[] stored = database.configuration(FIRST);
        if (stored != null) {
            first = ByteBuffer.wrap(stored).getLong();
        }
        synced = Math.max(getLastLogIndex(), first - 1);
    }

    /** Index up to which the entries, or a snapshot in their place, are on disk. */
    long syncedIndex() {
        return synced;
    }

    /** @param database closed with the log, also if this fails */
    static RaftLog open(LogDatabase database, Space space, SyncTimes times) {
        try {
            return new RaftLog(database, space, times);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public boolean init(LogStorageOptions options) {
        ConfigurationManager configurations = options.getConfigurationManager();
        try (RocksIterator iterator = database.rocks().newIterator(database.configurations())) {
            for (iterator.seek(key(first)); iterator.isValid(); iterator.next()) {
                if (iterator.key().length == Long.BYTES) {
                    configurations.add(configuration(iterator.value()));
                }
            }
            iterator.status();
            return true;
        } catch (RocksDBException e) {
            throw database.damaged(e);
        }
    }

    private ConfigurationEntry configuration(byte[] encoded) {
        LogEntry entry = decoder.decode(encoded);
        if (entry == null) {
            throw new Damaged(database.directory(), "an entry that changes the group cannot be read", null);
        }
        var before = entry.getOldPeers() == null
                ? new Configuration()
                : new Configuration(entry.getOldPeers(), entry.getOldLearners());
        return new ConfigurationEntry(entry.getId(), new Configuration(entry.getPeers(), entry.getLearners()), before);
    }

    /** Nothing once it is closed. */
    private <T> T reading(Supplier<T> read, T otherwise) {
        use.readLock().lock();
        try {
            return closed ? otherwise : read.get();
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public long getFirstLogIndex() {
        return first;
    }

    /** 0 when there are no entries, wherever the log begins. */
    @Override
    public long getLastLogIndex() {
        return reading(
                () -> {
                    try (RocksIterator iterator = database.rocks().newIterator(database.entries())) {
                        iterator.seekToLast();
                        return iterator.isValid()
                                ? ByteBuffer.wrap(iterator.key()).getLong()
                                : 0L;
                    }
                },
                0L);
    }

    @Override
    public @Nullable LogEntry getEntry(long index) {
        if (index < first) {
            return null;
        }
        byte[] encoded = reading(() -> read(index), new byte[0]);
        return encoded.length == 0 ? null : decoder.decode(encoded);
    }

    private byte[] read(long index) {
        try (var options = new ReadOptions()) {
            byte[] encoded = database.rocks().get(database.entries(), options, key(index));
            return encoded == null ? new byte[0] : encoded;
        } catch (RocksDBException e) {
            LOG.error("index={} log entry not read: {}; check the disk of this node", index, e.getMessage());
            return new byte[0]; // JRaft stops, because it knows that there is one
        }
    }

    @Override
    @Deprecated
    public long getTerm(long index) {
        LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        space.awaitRoom();
        boolean done = write("entries not appended", batch -> {
            for (LogEntry entry : entries) {
                byte[] key = key(entry.getId().getIndex());
                byte[] encoded = encoder.encode(entry);
                batch.put(database.entries(), key, encoded);
                if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
                    batch.put(database.configurations(), key, encoded);
                }
            }
        });
        if (done && !entries.isEmpty()) {
            synced = entries.getLast().getId().getIndex();
        }
        return done ? entries.size() : 0;
    }

    @Override
    public boolean truncatePrefix(long firstKept) {
        boolean done = write("beginning not cut off", batch -> {
            batch.put(database.configurations(), FIRST, key(firstKept));
            batch.deleteRange(database.entries(), key(0), key(firstKept));
            batch.deleteRange(database.configurations(), key(0), key(firstKept));
        });
        if (done) {
            first = firstKept;
            synced = Math.max(synced, firstKept - 1);
            Thread.ofPlatform().daemon().name("antler-raft-log-space").start(() -> dropFiles(firstKept));
        }
        return done;
    }

    /** The files that hold nothing else; what is deleted in others goes when RocksDB rewrites them. */
    private void dropFiles(long firstKept) {
        reading(
                () -> {
                    try {
                        database.rocks()
                                .deleteFilesInRanges(database.entries(), List.of(key(0), key(firstKept)), false);
                    } catch (RocksDBException e) {
                        LOG.warn("space of log entries before {} not given back: {}", firstKept, e.getMessage());
                    }
                    return 0;
                },
                0);
    }

    @Override
    public boolean truncateSuffix(long lastKept) {
        synced = Math.min(synced, lastKept);
        return write("end not cut off", batch -> {
            batch.deleteRange(database.entries(), key(lastKept + 1), key(Long.MAX_VALUE));
            batch.deleteRange(database.configurations(), key(lastKept + 1), key(Long.MAX_VALUE));
        });
    }

    /** Empty afterwards: a snapshot from the leader stands for all before {@code next}. */
    @Override
    public boolean reset(long next) {
        boolean done = write("log not emptied", batch -> {
            batch.put(database.configurations(), FIRST, key(next));
            batch.deleteRange(database.entries(), key(0), key(Long.MAX_VALUE));
            batch.deleteRange(database.configurations(), key(0), key(Long.MAX_VALUE));
        });
        if (done) {
            first = next;
            synced = next - 1;
        }
        return done;
    }

    private interface Filling {
        void fill(WriteBatch batch) throws RocksDBException;
    }

    /** Synced, and measured. For want of space it waits. */
    private boolean write(String failure, Filling filling) {
        use.readLock().lock();
        try (var batch = new WriteBatch()) {
            if (closed) {
                return false;
            }
            filling.fill(batch);
            space.untilDone(() -> {
                times.begin();
                try {
                    database.write(batch);
                } finally {
                    times.end();
                }
            });
            return true;
        } catch (RocksDBException e) {
            LOG.error("{}: {}; check the disk of this node", failure, e.getMessage());
            return false;
        } finally {
            use.readLock().unlock();
        }
    }

    private static byte[] key(long index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    }

    @Override
    public void shutdown() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                database.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
