package io.antler.metalogger.archive;

import io.antler.metalogger.DurableFile;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file by which an archive is known, so that files of another program are neither touched nor mixed with.
 *
 * <pre>
 * antler.archive      metadata-id 6B033F33BF7C765B
 * </pre>
 */
final class Mark {
    private static final String NAME = "antler.archive";
    private static final String KEY = "metadata-id ";

    private Mark() {}

    /**
     * @return the file system it is of; empty for a new directory
     * @throws ArchiveUnusable if there are files that no archive has
     */
    static Optional<MetadataId> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        boolean marked = Files.exists(file);
        List<String> foreign = foreign(directory, marked);
        if (!foreign.isEmpty()) {
            throw new ArchiveUnusable(directory + " has files that this program did not write: " + foreign
                    + ". Name an empty directory; or move them to another one, if they are only left over");
        }
        if (!marked) {
            return Optional.empty();
        }
        String text = Files.readString(file).strip();
        try {
            if (text.startsWith(KEY)) {
                return Optional.of(MetadataId.parse(text.substring(KEY.length())));
            }
        } catch (IllegalArgumentException e) {
            throw new ArchiveUnusable(file + ": " + e.getMessage() + ". It was changed by hand, or by the disk");
        }
        throw new ArchiveUnusable(
                file + " does not begin with \"" + KEY + "\". It was changed by hand, or by the disk");
    }

    /** What a master would look at, and the archive does not write. */
    private static List<String> foreign(Path directory, boolean marked) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("metadata") || name.startsWith("changelog"))
                    .filter(name -> !marked || !isOurs(name))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOurs(String name) {
        return Generations.CHANGELOGS.has(name)
                || Generations.IMAGES.has(name)
                || ChangelogFiles.isTwin(name)
                || name.endsWith(".damaged");
    }

    static void write(Path directory, MetadataId id) throws IOException {
        Path file = directory.resolve(NAME);
        Path beside = DurableFile.beside(file);
        Files.writeString(beside, KEY + id + "\n");
        DurableFile.publish(beside, file);
    }
}
