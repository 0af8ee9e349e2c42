package io.antler.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where a process reads a file, from {@code /proc}. Not thread-safe. */
final class Reader {
    private final Path process;
    private final Object file;
    private @Nullable Path last; // its descriptor, until it is closed

    Reader(long pid, Path file) throws IOException {
        this.process = Path.of("/proc", String.valueOf(pid));
        this.file = Objects.requireNonNull(key(file));
    }

    /** Empty if the process does not have the file open, or is gone. */
    OptionalLong position() throws IOException {
        Path descriptor = last != null && file.equals(key(last)) ? last : find();
        last = descriptor;
        if (descriptor == null) {
            return OptionalLong.empty();
        }
        Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
        String position = Files.readString(info, StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElseThrow();
        return OptionalLong.of(
                Long.parseLong(position.substring("pos:".length()).strip()));
    }

    private @Nullable Path find() throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (file.equals(key(descriptor))) {
                    return descriptor;
                }
            }
            return null;
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    /** Device and inode, so that other mount namespaces and symbolic links do not matter. */
    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException closed) {
            return null;
        }
    }
}
