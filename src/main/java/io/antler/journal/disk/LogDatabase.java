package io.antler.journal.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RocksDB database of the Raft log: opened only if every byte of it is as it was written. */
final class LogDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogDatabase.class);
    private static final String CURRENT = "CURRENT";

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final DBOptions options = options();
    private final ColumnFamilyOptions familyOptions = new ColumnFamilyOptions()
            .setWriteBufferSize(64 << 20)
            .setMaxWriteBufferNumber(3)
            .setLevel0FileNumCompactionTrigger(8)
            .setCompressionType(CompressionType.LZ4_COMPRESSION);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final RocksDB rocks;

    private LogDatabase(Path directory) throws RocksDBException {
        this.directory = directory;
        var descriptors = List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions),
                new ColumnFamilyDescriptor("Configuration".getBytes(US_ASCII), familyOptions));
        try {
            rocks = RocksDB.open(options, directory.toString(), descriptors, families);
        } catch (RocksDBException e) {
            closeOptions();
            throw e;
        }
    }

    /**
     * RocksDB's default would stop at the first damaged record and take what is before it for everything. This mode forgives
     * an unfinished end only. That no log is missing or shorter than when it was finished, it knows from its list of files.
     */
    private static DBOptions options() {
        var fromText = new Properties();
        fromText.setProperty("track_and_verify_wals_in_manifest", "true");
        return DBOptions.getDBOptionsFromProps(fromText)
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setMaxTotalWalSize(512L << 20)
                .setKeepLogFileNum(2);
    }

    /**
     * Whether one is there, or what is left of it. A list of files alone is not: RocksDB writes it first, and a crash may have
     * come before the rest.
     */
    static boolean existsIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.equals(CURRENT) || name.endsWith(".sst") || name.endsWith(".log"));
        }
    }

    /**
     * Reads all of it.
     *
     * @throws Damaged if any of it is not as it was written
     * @throws IOException if it cannot be used: no right, no space, another process
     */
    static LogDatabase open(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (existsIn(directory) && !Files.exists(directory.resolve(CURRENT))) { // RocksDB would begin anew
            throw new Damaged(directory, "its file CURRENT is missing", null);
        }
        WalFile.checkAll(directory);
        LogDatabase database = null;
        try {
            long begun = System.nanoTime();
            database = new LogDatabase(directory);
            database.rocks.verifyChecksum();
            LOG.debug("{} is whole, checked in {} ms", directory, (System.nanoTime() - begun) / 1_000_000);
            return database;
        } catch (RocksDBException e) {
            if (database != null) {
                database.close();
            }
            if (Damaged.isDamage(e)) {
                throw damaged(directory, e);
            }
            throw new IOException(directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    Damaged damaged(RocksDBException e) {
        return damaged(directory, e);
    }

    private static Damaged damaged(Path directory, RocksDBException e) {
        return new Damaged(directory, String.valueOf(e.getMessage()), e);
    }

    Path directory() {
        return directory;
    }

    RocksDB rocks() {
        return rocks;
    }

    ColumnFamilyHandle entries() {
        return families.get(0);
    }

    ColumnFamilyHandle configurations() {
        return families.get(1);
    }

    byte @Nullable [] configuration(byte[] key) {
        try {
            return rocks.get(configurations(), key);
        } catch (RocksDBException e) {
            throw damaged(e);
        }
    }

    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(synced, batch);
    }

    private void closeOptions() {
        synced.close();
        familyOptions.close();
        options.close();
    }

    @Override
    public void close() {
        families.forEach(ColumnFamilyHandle::close);
        rocks.close();
        closeOptions();
    }
}
