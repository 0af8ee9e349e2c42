package io.antler.restore;

import io.antler.invariant.Invariant;
import io.antler.kernel.Holes;
import io.antler.moosefs.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changelog file that a standby reads: only ever written here, never read.
 *
 * <pre>
 * while the standby loads:   GUARD GUARD GUARD …         the placeholder; changes collect in a file beside it
 * while its read runs:       [hole] CHANGE CHANGE        whole lines
 * while its read is held:    [hole] CHANGE CHANGE | GUARD
 * </pre>
 *
 * <p>The guard is a line with the next version and an operation that does not exist. Should the read be let go by the death
 * of this process, the standby stops with "unknown entry" instead of opening its ports.
 *
 * <p>Not thread-safe.
 */
final class FedFile implements AutoCloseable {
    static final int PLACEHOLDER_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FedFile.class);
    private static final long PUNCH_STEP = 8L << 20;
    private static final long KEPT = 1L << 20;
    private static final int BLOCK = 4096;

    private final Path path;
    private final FileChannel file;
    private final Path backlogPath;
    private final FileChannel backlog;
    private boolean loading = true;
    private boolean guarded;
    private boolean punching = true;
    private long punched;
    private long end;
    private long next;

    private FedFile(Path path, FileChannel file, Path backlogPath, FileChannel backlog, long next) {
        this.path = path;
        this.file = file;
        this.backlogPath = backlogPath;
        this.backlog = backlog;
        this.next = next;
    }

    static FedFile create(Path path, long imageVersion) throws IOException {
        Path backlogPath = path.resolveSibling("antler.backlog"); // a name that no restore looks at
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel backlog = FileChannel.open(
                backlogPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        var fed = new FedFile(path, file, backlogPath, backlog, imageVersion);
        String guard = fed.guard();
        write(file, 0, guard.repeat(PLACEHOLDER_BYTES / guard.length() + 1));
        return fed;
    }

    /** Version of the metadata once everything in the file is applied: the number of the next change. */
    long next() {
        return next;
    }

    /** Length without guard: where the reader has read everything. */
    long end() {
        return end;
    }

    /** Puts the collected changes in the place of the placeholder; to be called before the first read of the replay. */
    void beginReplay() throws IOException {
        file.truncate(0);
        loading = false;
        long length = backlog.size();
        while (end < length) {
            file.position(end);
            end += backlog.transferTo(end, length - end, file);
        }
        backlog.close();
        Files.delete(backlogPath);
    }

    /** @throws io.antler.invariant.InvariantBroken if they do not follow what is already there without a hole */
    void append(List<Change> changes) throws IOException {
        StringBuilder lines = new StringBuilder();
        long version = next;
        for (Change change : changes) {
            Invariant.NO_MISSING_CHANGE.check(
                    change.version() == version, "the standby expects change %d, not %d", version, change.version());
            lines.append(change.line()).append('\n');
            version++;
        }
        if (loading) {
            write(backlog, backlog.size(), lines.toString());
        } else {
            removeGuard();
            end += write(file, end, lines.toString());
        }
        next = version;
    }

    void addGuard() throws IOException {
        write(file, end, guard());
        guarded = true;
    }

    void removeGuard() throws IOException {
        if (guarded) {
            file.truncate(end);
            guarded = false;
        }
    }

    private String guard() {
        return next + ": 0|ANTLER_IS_GONE()\n";
    }

    /** Gives back to the disk what the reader has left behind, now and then. */
    void consumed(long position) {
        long free = (position - KEPT) / BLOCK * BLOCK;
        if (!punching || free - punched < PUNCH_STEP) {
            return;
        }
        try {
            Holes.punch(path, punched, free - punched);
            punched = free;
        } catch (IOException refused) {
            punching = false;
            LOG.warn("file={} consumed changes are not given back to the disk, the file will grow: {}", path, refused);
        }
    }

    private static long write(FileChannel channel, long position, String lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1));
        long written = 0;
        while (bytes.hasRemaining()) {
            written += channel.write(bytes, position + written);
        }
        return written;
    }

    @Override
    public void close() throws IOException {
        try (backlog) {
            file.close();
        }
    }
}
