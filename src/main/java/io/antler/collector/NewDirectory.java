package io.antler.collector;

import io.antler.metalogger.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that has its name only when it is complete and on disk. Until then it is {@code NAME.partial}, locked; what a
 * killed process left of one is replaced.
 */
public final class NewDirectory implements Closeable {
    private static final String LOCK = "antler.lock";

    private final Path target;
    private final Path partial;
    private final FileChannel lock;
    private boolean published;

    private NewDirectory(Path target, Path partial, FileChannel lock) {
        this.target = target;
        this.partial = partial;
        this.lock = lock;
    }

    /** @throws TargetUnusable if it exists, cannot be made, or is being made by another process */
    public static NewDirectory of(Path name) throws TargetUnusable {
        Path target = name.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new TargetUnusable(
                    target + " exists already. It is not touched: name another directory, or move it away");
        }
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            Files.createDirectories(partial);
            FileChannel lock =
                    FileChannel.open(partial.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var directory = new NewDirectory(target, partial, lock);
            directory.takeOver();
            return directory;
        } catch (IOException failure) {
            throw failure instanceof TargetUnusable unusable
                    ? unusable
                    : new TargetUnusable(partial + " cannot be made: " + failure + ". Name another directory", failure);
        }
    }

    private void takeOver() throws IOException {
        if (!locked()) {
            lock.close();
            throw new TargetUnusable(
                    partial + " is being written by another antler. Wait for it, or name another directory");
        }
        for (Path left : below()) {
            if (!left.equals(partial.resolve(LOCK))) {
                Files.delete(left);
            }
        }
    }

    private boolean locked() throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false; // by this process
        }
    }

    /** Where to write. */
    public Path path() {
        return partial;
    }

    /** For messages: writing has failed. */
    public TargetUnusable failed(IOException failure) {
        return new TargetUnusable(
                "%s could not be written, nothing of it is left: %s. %s".formatted(target, failure, room()), failure);
    }

    /** So that no file of any use can be written. */
    public boolean isFull() throws IOException {
        return Files.getFileStore(partial).getUsableSpace() < 1 << 20;
    }

    private String room() {
        try {
            return Files.getFileStore(partial).getUsableSpace() / (1 << 20)
                    + " MiB are free there: make room, or name a directory on another disk";
        } catch (IOException unknown) {
            return "Name a directory on another disk";
        }
    }

    /** Forces everything to disk and gives it its name. */
    public void publish() throws IOException {
        Files.delete(partial.resolve(LOCK));
        for (Path file : below()) {
            DurableFile.force(file);
        }
        DurableFile.force(partial);
        if (Files.exists(target)) {
            throw new TargetUnusable(target + " was made by somebody else meanwhile. It is not touched");
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        published = true;
        DurableFile.force(DurableFile.directoryOf(target));
    }

    /** The deepest first. */
    private List<Path> below() throws IOException {
        try (Stream<Path> tree = Files.walk(partial)) {
            return tree.filter(path -> !path.equals(partial))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (UncheckedIOException failure) {
            throw new IOException(failure);
        }
    }

    /** Deletes it unless it was published. */
    @Override
    public void close() throws IOException {
        try (lock) {
            if (!published) {
                for (Path left : below()) {
                    Files.delete(left);
                }
                Files.delete(partial);
            }
        }
    }
}
