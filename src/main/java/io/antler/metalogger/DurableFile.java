package io.antler.metalogger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that replaces another: forced, moved atomically, its directory forced. */
public final class DurableFile {
    private DurableFile() {}

    public static Path beside(Path target) {
        return target.resolveSibling(target.getFileName() + ".tmp");
    }

    /** After it returns the file is under its name even if the power fails. */
    public static void publish(Path beside, Path target) throws IOException {
        force(beside);
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(directoryOf(target));
    }

    public static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is not a file in a directory");
        }
        return parent;
    }

    /** A name in a directory survives a power failure only when the directory is forced too. */
    public static void force(Path fileOrDirectory) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
