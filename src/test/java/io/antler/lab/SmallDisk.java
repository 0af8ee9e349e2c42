package io.antler.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory that can be filled up. */
public final class SmallDisk implements AutoCloseable {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    public static SmallDisk mount(Path directory, int sizeMiB) throws IOException {
        Files.createDirectories(directory);
        run("mount", "-t", "tmpfs", "-o", "size=" + sizeMiB + "m", "small-disk", directory.toString());
        return new SmallDisk(directory);
    }

    private static void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(List.of(command) + " failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    /** To the last byte. */
    public void fill() throws IOException {
        var part = ByteBuffer.allocate(64 << 10);
        try (FileChannel channel = FileChannel.open(
                filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (true) {
                channel.write(part.clear());
            }
        } catch (IOException full) {
            if (Files.getFileStore(directory).getUsableSpace() > part.capacity()) {
                throw full;
            }
        }
    }

    public void free() throws IOException {
        Files.delete(filler());
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", directory.toString());
    }
}
