package io.antler.metalogger.archive;

import io.antler.metalogger.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changelog file that grows, kept twice, because {@code mfsmaster -a} skips a file whose last line is not whole, with all
 * that is in it and without a word. A write that is cut short anywhere (a kill between two pages, a full disk, a power failure)
 * leaves such a line; so the second file is written only when the first one is on the disk, and at every moment one of them
 * ends with a whole line. A master reads both and takes each change once.
 *
 * <pre>
 * changelog_ml.0.mfs       1207: …\n 1208: …\n 1209: …\n 1210: 17953
 * changelog_ml_back.0.mfs  1207: …\n 1208: …\n
 * </pre>
 *
 * <p>For one thread. After an exception it must be closed and opened again, which repairs it.
 */
final class TwinFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TwinFile.class);
    private static final int COPIED_AT_ONCE = 1 << 20;

    private final Path first;
    private final Path second;
    private final FileChannel one;
    private final FileChannel other;
    private final long firstVersion;
    private long length;

    private TwinFile(Path first, Path second, WholePart whole) throws IOException {
        this.first = first;
        this.second = second;
        this.length = whole.length();
        this.firstVersion = whole.first();
        this.one = FileChannel.open(first, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            this.other = FileChannel.open(second, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            one.close();
            throw e;
        }
    }

    /** @param firstVersion of the first change that will be appended */
    static TwinFile create(Path first, Path second, long firstVersion) throws IOException {
        Files.deleteIfExists(first); // may be there without a change
        Files.deleteIfExists(second);
        var twin = new TwinFile(first, second, new WholePart(0, firstVersion, firstVersion, null));
        DurableFile.force(DurableFile.directoryOf(first));
        return twin;
    }

    /**
     * Brings both to the same whole lines.
     *
     * @throws IOException if they contradict each other or both are damaged
     */
    static TwinFile open(Path first, Path second) throws IOException {
        WholePart one = undamaged(first, second);
        WholePart other = undamaged(second, first);
        checkSame(first, one, second, other);
        if (one.length() >= other.length()) {
            complete(first, one, second, other);
            return new TwinFile(first, second, one);
        }
        complete(second, other, first, one);
        return new TwinFile(first, second, other);
    }

    /** Moves a file away that has more wrong with it than half a line, if the other one is as it should be. */
    private static WholePart undamaged(Path file, Path twin) throws IOException {
        WholePart part = WholePart.of(file);
        if (part.damage() == null) {
            return part;
        }
        WholePart whole = WholePart.of(twin);
        if (whole.isEmpty() || whole.damage() != null) {
            throw new IOException(
                    part.damage().getMessage() + " " + twin + " does not help either. Move both files to another"
                            + " directory and start again; a new image is fetched then",
                    part.damage());
        }
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.error(
                "{} It is renamed to {}, its twin has the changes. Check the disk",
                part.damage().getMessage(),
                aside);
        return WholePart.NONE;
    }

    private static void checkSame(Path first, WholePart one, Path second, WholePart other) throws IOException {
        long common = Math.min(one.length(), other.length());
        if (common == 0) {
            return;
        }
        long difference = Files.mismatch(first, second);
        if (difference >= 0 && difference < common) {
            throw new IOException(first + " and " + second + " should be the same, but differ at byte " + difference
                    + ": the disk has changed one of them. Move both to another directory and start again; a new image is"
                    + " fetched then");
        }
    }

    /** The better one first, so that one of them is whole at each moment. */
    private static void complete(Path better, WholePart whole, Path worse, WholePart part) throws IOException {
        try (FileChannel from = FileChannel.open(better, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel to = FileChannel.open(worse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            from.truncate(whole.length());
            from.force(true);
            to.truncate(part.length());
            long at = part.length();
            while (at < whole.length()) {
                to.position(at);
                at += from.transferTo(at, Math.min(COPIED_AT_ONCE, whole.length() - at), to);
            }
            to.force(true);
        }
        DurableFile.force(DurableFile.directoryOf(worse));
    }

    /** Version of its first change, also if that is still to come. */
    long firstVersion() {
        return firstVersion;
    }

    long length() {
        return length;
    }

    Path first() {
        return first;
    }

    /** @param lines whole ones; both files have them on the disk when it returns */
    void append(ByteBuffer lines) throws IOException {
        int count = lines.remaining();
        write(first, one, lines.duplicate());
        write(second, other, lines);
        length += count;
    }

    private void write(Path file, FileChannel channel, ByteBuffer lines) throws IOException {
        try {
            long at = length;
            while (lines.hasRemaining()) {
                at += channel.write(lines, at);
            }
            channel.force(false);
        } catch (IOException e) {
            undo(channel, e);
            throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
    }

    /** So that the file is of use as it stands; the next open does it too. */
    private void undo(FileChannel channel, IOException cause) {
        try {
            if (channel.isOpen()) {
                channel.truncate(length);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            one.close();
        } finally {
            other.close();
        }
    }

    /** Closes both; the second one is only needed as long as the first one grows. */
    void closeAndDropSecond() throws IOException {
        close();
        Files.deleteIfExists(second);
    }
}
