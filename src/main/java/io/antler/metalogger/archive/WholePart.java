package io.antler.metalogger.archive;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What of a changelog file is whole lines of consecutive changes, from its beginning.
 *
 * @param length bytes
 * @param first version of its first change; -1 if there is none
 * @param next version after its last change; -1 if there is none
 * @param damage null if nothing but half a line is behind it
 */
record WholePart(
        long length, long first, long next, @Nullable IOException damage) {
    static final WholePart NONE = new WholePart(0, -1, -1, null);

    static WholePart of(Path file) throws IOException {
        if (!Files.exists(file)) {
            return NONE;
        }
        long length = 0;
        long first = -1;
        long next = -1;
        try (ChangelogReader lines = ChangelogReader.open(file)) {
            while (lines.next()) {
                if (next >= 0 && lines.version() != next) {
                    var hole = new IOException(file + ", byte " + lines.offset() + ": change " + lines.version()
                            + " stands after change " + (next - 1));
                    return new WholePart(length, first, next, hole);
                }
                first = first < 0 ? lines.version() : first;
                next = lines.version() + 1;
                length = lines.offset() + lines.length();
            }
            return new WholePart(length, first, next, null);
        } catch (BadChangelog damage) {
            return new WholePart(length, first, next, damage);
        }
    }

    boolean isEmpty() {
        return length == 0;
    }
}
