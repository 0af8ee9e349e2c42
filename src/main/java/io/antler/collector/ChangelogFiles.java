package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changelog files as a master leaves them: each without a hole, {@code changelog.0.mfs} the newest. They have these names
 * only after {@link #finish}.
 */
public final class ChangelogFiles implements Closeable {
    private static final long LARGEST = 256L << 20;
    private static final int BUFFER = 1 << 20;

    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private @Nullable OutputStream current;
    private long size;
    private long next = -1;

    public ChangelogFiles(Path directory) {
        this.directory = directory;
    }

    /** @param line later than all before it */
    public void add(ChangelogReader line) throws IOException {
        OutputStream out = current;
        if (out == null || line.version() != next || size > LARGEST) {
            out = open();
        }
        line.writeTo(out);
        size += line.length();
        next = line.version() + 1;
    }

    private OutputStream open() throws IOException {
        close();
        Files.createDirectories(directory);
        Path file = directory.resolve("part." + files.size());
        files.add(file);
        size = 0;
        var opened = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        current = opened;
        return opened;
    }

    /** After the last change that was added; -1 if there is none. */
    public long next() {
        return next;
    }

    /** Deletes what was written. */
    public void begin() throws IOException {
        close();
        for (Path file : files) {
            Files.delete(file);
        }
        files.clear();
        next = -1;
    }

    /** Gives the files their names. */
    public void finish() throws IOException {
        close();
        for (int i = 0; i < files.size(); i++) {
            Files.move(files.get(i), directory.resolve("changelog." + (files.size() - 1 - i) + ".mfs"));
        }
    }

    @Override
    public void close() throws IOException {
        OutputStream out = current;
        current = null;
        if (out != null) {
            out.close();
        }
    }
}
