package io.antler.changelog;

import io.antler.moosefs.ChangelogReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Readers of a text. */
final class Lines {
    private Lines() {}

    /** At the first line. */
    static ChangelogReader of(String text) {
        try {
            var reader = ChangelogReader.of(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), "changelog.0.mfs");
            reader.next();
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
