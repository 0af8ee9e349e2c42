package io.antler.collector;

import io.antler.moosefs.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a file of a source from its beginning, as often as asked. */
@FunctionalInterface
public interface Opener {
    InputStream open() throws IOException;

    /** Whether a local file is there and not compressed. */
    static boolean isPlain(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Compression.of(in).isEmpty();
        } catch (IOException _) {
            return false;
        }
    }
}
