package io.antler.moosefs;

import io.antler.kernel.RecordLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What can be seen of a {@code DATA_PATH} from outside. Nothing here changes it. */
public record DataDirectory(Path path) {
    private static final String MASTER_LOCK = ".mfsmaster.lock";
    private static final String WRITER_LOCK = ".bgwriter.lock";

    /** Whether a master, or a data writer that outlived one, holds a lock. The lock files themselves stay for ever. */
    public boolean inUse() {
        return holder().isPresent();
    }

    /** The process in the way: the master, else its data writer. 0 for one outside this pid namespace. */
    public OptionalLong holder() {
        try {
            OptionalLong master = RecordLock.holder(path.resolve(MASTER_LOCK));
            return master.isPresent() ? master : RecordLock.holder(path.resolve(WRITER_LOCK));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot tell whether " + path + " is in use: its lock files are not readable for this user",
                    failure);
        }
    }

    /** {@code metadata.mfs}: written by a clean stop, gone while a master runs and after it crashed. */
    public Path cleanImage() {
        return path.resolve("metadata.mfs");
    }

    /** {@code metadata.mfs.back}: the last full image of a running or crashed master; older than its changelogs. */
    public Path oldImage() {
        return path.resolve("metadata.mfs.back");
    }

    public boolean hasCleanImage() {
        return Files.isRegularFile(cleanImage());
    }

    /** Crashed (or running): what it knew is the old image and the changelogs; only {@code mfsmaster -a} can start it. */
    public boolean needsRestore() {
        return !hasCleanImage() && Files.isRegularFile(oldImage());
    }

    /** {@code MFSM NEW}: a file system that no master has ever started; it has no id yet. */
    public boolean isFresh() throws IOException {
        return hasCleanImage()
                && Files.size(cleanImage()) == 8
                && Files.readString(cleanImage(), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .equals("MFSM NEW");
    }

    /** Names of the files a restore would look at: {@code metadata*} and {@code changelog*}, sorted. */
    public List<String> metadataFiles() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("metadata") || name.startsWith("changelog"))
                    .sorted()
                    .toList();
        }
    }
}
