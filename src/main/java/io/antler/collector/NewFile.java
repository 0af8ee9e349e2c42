package io.antler.collector;

import io.antler.metalogger.DurableFile;
import io.antler.moosefs.ChangelogReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A changelog file that has its name only when it is complete and on disk. Until then it is {@code NAME.partial}. */
public final class NewFile implements Closeable {
    private static final int BUFFER = 1 << 20;

    private final Path target;
    private final Path partial;
    private OutputStream out;
    private boolean published;

    private NewFile(Path target, Path partial) throws IOException {
        this.target = target;
        this.partial = partial;
        this.out = open(StandardOpenOption.CREATE_NEW);
    }

    /** @throws TargetUnusable if it exists, or cannot be made */
    public static NewFile of(Path name) throws TargetUnusable {
        Path target = name.toAbsolutePath().normalize();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        if (Files.exists(target)) {
            throw new TargetUnusable(target + " exists already. It is not touched: name another file, or move it away");
        }
        try {
            return new NewFile(target, partial);
        } catch (FileAlreadyExistsException exists) {
            throw new TargetUnusable(
                    partial + " exists: another antler writes it, or was killed. Then delete it, or name another file",
                    exists);
        } catch (IOException failure) {
            throw new TargetUnusable(partial + " cannot be made: " + failure + ". Name another file", failure);
        }
    }

    private OutputStream open(StandardOpenOption how) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(partial, StandardOpenOption.WRITE, how), BUFFER);
    }

    /** What was written is void. */
    public void begin() throws IOException {
        out.close();
        out = open(StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** @throws TargetUnusable if it cannot be written */
    public void add(ChangelogReader line) throws IOException {
        try {
            line.writeTo(out);
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private TargetUnusable failed(IOException failure) {
        return new TargetUnusable(
                target + " could not be written, nothing of it is left: " + failure
                        + ". Make room, or name another file",
                failure);
    }

    /** Forces it to disk and gives it its name. */
    public void publish() throws IOException {
        try {
            out.close();
            if (Files.exists(target)) {
                throw new TargetUnusable(target + " was made by somebody else meanwhile. It is not touched");
            }
            DurableFile.publish(partial, target);
            published = true;
        } catch (TargetUnusable named) {
            throw named;
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /** Deletes it unless it was published. */
    @Override
    public void close() throws IOException {
        if (!published) {
            try {
                out.close();
            } finally {
                Files.deleteIfExists(partial);
            }
        }
    }
}
