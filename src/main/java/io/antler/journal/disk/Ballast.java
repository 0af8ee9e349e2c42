package io.antler.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * A file that only takes up space, to be given back when the disk is full: then what must be written to go on or to start
 * again (RocksDB's list of files, above all) still finds room.
 */
final class Ballast {
    static final int SIZE_BYTES = 16 << 20;

    private final Path file;

    Ballast(Path directory) {
        this.file = directory.resolve("ballast");
    }

    boolean isThere() {
        return Files.exists(file);
    }

    /** Incompressible, so that it takes up its size on every file system. */
    void make() throws IOException {
        byte[] part = new byte[1 << 20];
        new Random().nextBytes(part);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int written = 0; written < SIZE_BYTES; ) {
                written += channel.write(ByteBuffer.wrap(part));
            }
            channel.force(true);
        }
    }

    void giveBack() throws IOException {
        Files.deleteIfExists(file);
    }
}
