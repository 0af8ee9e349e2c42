package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A changelog file of a source, compressed or not.
 *
 * @param name for messages: where it is
 * @param local if it is a file of this machine
 */
public record ChangelogFile(Lane lane, String name, Optional<Path> local, Opener content) {
    /** From its beginning. */
    public ChangelogReader read() throws IOException {
        return ChangelogReader.of(content.open(), name);
    }
}
