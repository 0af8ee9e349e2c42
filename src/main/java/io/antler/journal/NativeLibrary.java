package io.antler.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's library of native code, which comes packed in its jar. Left to itself RocksDB unpacks it, 13 MB, under a new name
 * into the machine's directory for temporary files at each start, and what a process that was killed left there stays.
 */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private NativeLibrary() {}

    /** To be called before anything of RocksDB. Replaces what an earlier process left; once in a JVM. */
    static void load(Path journal) {
        Path directory = journal.resolve("native");
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException e) {
            LOG.warn(
                    "RocksDB's native library cannot be unpacked into {}: {}; the directory for temporary files is tried",
                    directory,
                    e.toString());
        }
    }
}
