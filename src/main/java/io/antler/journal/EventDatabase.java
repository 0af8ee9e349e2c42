package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** The RocksDB database of an {@link EventStore} while it is open. Must not be used any more once it is closed. */
final class EventDatabase implements AutoCloseable {
    private static final List<String> FAMILIES = List.of("default", "events", "meta", "snapshots");

    /** Of what is stored in the families; in the meta data under this key. */
    private static final int FORMAT = 1;

    private static final byte[] FORMAT_KEY = {'f'};

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final DBOptions options = new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setKeepLogFileNum(2);
    private final ColumnFamilyOptions familyOptions =
            new ColumnFamilyOptions().setWriteBufferSize(16 << 20).setCompressionType(CompressionType.LZ4_COMPRESSION);
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private @Nullable RocksDB rocks;

    private EventDatabase(Path directory) {
        this.directory = directory;
    }

    /** Whoever else has it open has locked it. */
    static EventDatabase open(Path directory) throws RocksDBException {
        return new EventDatabase(directory).opened(false);
    }

    static EventDatabase openReadOnly(Path directory) throws RocksDBException {
        return new EventDatabase(directory).opened(true);
    }

    private EventDatabase opened(boolean readOnly) throws RocksDBException {
        List<ColumnFamilyDescriptor> descriptors = FAMILIES.stream()
                .map(name -> new ColumnFamilyDescriptor(name.getBytes(UTF_8), familyOptions))
                .toList();
        String path = directory.toString();
        try {
            rocks = readOnly
                    ? RocksDB.openReadOnly(options, path, descriptors, families)
                    : RocksDB.open(options, path, descriptors, families);
            checkFormat(readOnly);
            return this;
        } catch (RocksDBException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void checkFormat(boolean readOnly) throws RocksDBException {
        byte[] format = rocks().get(meta(), FORMAT_KEY);
        if (format != null) {
            Fields.read("the event store " + directory, FORMAT, format, _ -> FORMAT);
        } else if (!readOnly) {
            rocks().put(meta(), unlogged, FORMAT_KEY, Fields.write(FORMAT, _ -> {}));
        }
    }

    RocksDB rocks() {
        if (rocks == null) {
            throw new IllegalStateException("the event store " + directory + " is closed");
        }
        return rocks;
    }

    ColumnFamilyHandle events() {
        return families.get(1);
    }

    ColumnFamilyHandle meta() {
        return families.get(2);
    }

    ColumnFamilyHandle snapshots() {
        return families.get(3);
    }

    WriteOptions unlogged() {
        return unlogged;
    }

    /** All families at one moment. */
    void flush() throws RocksDBException {
        try (var flush = new FlushOptions().setWaitForFlush(true)) {
            rocks().flush(flush, families);
        }
    }

    /** Does not wait for what is written; flush first. */
    @Override
    public void close() {
        families.forEach(ColumnFamilyHandle::close);
        families.clear();
        if (rocks != null) {
            rocks.close();
            rocks = null;
        }
        unlogged.close();
        familyOptions.close();
        options.close();
    }

    /** On one line. */
    static String message(Exception e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").replaceAll("[. ]+$", "");
    }

    /** Whether a newer release wrote it. */
    static boolean isNewer(Exception e) {
        return e instanceof UncheckedIOException
                || String.valueOf(e.getMessage()).contains("Column families not opened");
    }
}
