package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.IOException;

/**
 * A changelog file of a source, compressed or not.
 *
 * @param name for messages: where it is
 */
public record ChangelogFile(Lane lane, String name, Opener content) {
    ChangelogReader read() throws IOException {
        return ChangelogReader.of(content.open(), name);
    }
}
