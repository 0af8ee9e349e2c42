package io.antler.journal.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The free space of the file system that holds a directory. Whoever must write asks here first and waits here; nothing fails
 * for want of space.
 *
 * <pre>
 * ENOUGH ◄──free > alarm + ⅛──  LOW  ◄──free > stop + ⅛──  FULL
 *        ──free < alarm──►           ──free < stop──►
 * </pre>
 */
public final class Space implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Space.class);
    private static final long INTERVAL_NANOS = 200_000_000;

    public enum Level {
        ENOUGH,
        LOW,
        FULL
    }

    /**
     * @param alarmFreeBytes below this somebody should make room
     * @param stopFreeBytes below this nothing is written until there is more
     */
    public record Limits(long alarmFreeBytes, long stopFreeBytes) {
        public Limits {
            if (stopFreeBytes < 0 || alarmFreeBytes < stopFreeBytes) {
                throw new IllegalArgumentException("disk.alarm-free = " + alarmFreeBytes
                        + " must be at least disk.stop-free = " + stopFreeBytes + ", which must not be negative");
            }
        }
    }

    /** A write of RocksDB that may be repeated. */
    @FunctionalInterface
    public interface Write {
        void run() throws RocksDBException;
    }

    private final Path directory;
    private final FileStore store;
    private final Limits limits;
    private final Ballast ballast;
    private volatile Level level = Level.ENOUGH;
    private volatile long freeBytes;
    private volatile boolean closed;

    private Space(Path directory, FileStore store, Limits limits) {
        this.directory = directory;
        this.store = store;
        this.limits = limits;
        this.ballast = new Ballast(directory);
    }

    /** @param directory exists; the ballast is kept there */
    public static Space open(Path directory, Limits limits) throws IOException {
        var space = new Space(directory, Files.getFileStore(directory), limits);
        space.look();
        space.relieve();
        return space;
    }

    public Path directory() {
        return directory;
    }

    public Level level() {
        return level;
    }

    /** For this process's user, when it was last looked at. */
    public long freeBytes() {
        return freeBytes;
    }

    /** One system call. */
    public Level look() {
        try {
            long free = store.getUsableSpace();
            freeBytes = free;
            level = next(free);
        } catch (IOException e) {
            LOG.warn("free space of {} not known: {}", directory, e.toString());
        }
        return level;
    }

    private Level next(long free) {
        if (free < above(limits.stopFreeBytes(), level == Level.FULL)) {
            return Level.FULL;
        }
        return free < above(limits.alarmFreeBytes(), level != Level.ENOUGH) ? Level.LOW : Level.ENOUGH;
    }

    /** A level is left only with an eighth more, so that it does not flutter. */
    private static long above(long limit, boolean leaving) {
        return leaving ? limit + limit / 8 : limit;
    }

    /** Gives the ballast back when hardly anything else is left. */
    public synchronized void relieve() {
        try {
            if (ballast.isThere() && freeBytes < Math.min(Ballast.SIZE_BYTES, limits.stopFreeBytes())) {
                ballast.giveBack();
                LOG.info(
                        "free={} the ballast of {} MiB in {} is given back",
                        freeBytes,
                        Ballast.SIZE_BYTES >> 20,
                        directory);
            }
        } catch (IOException e) {
            LOG.warn("ballast in {} not given back: {}", directory, e.toString());
        }
    }

    /** As {@link #relieve}, and makes it again when there is plenty. */
    public synchronized void balance() {
        relieve();
        try {
            if (!ballast.isThere() && freeBytes > limits.stopFreeBytes() + 2L * Ballast.SIZE_BYTES) {
                ballast.make();
            }
        } catch (IOException e) {
            LOG.warn("ballast in {} not made: {}", directory, e.toString());
        }
    }

    /** Returns when the disk is not full, or when this is closed. */
    void awaitRoom() {
        boolean interrupted = false;
        while (look() == Level.FULL && !closed) {
            interrupted |= pause();
        }
        handOn(interrupted);
    }

    /**
     * Runs it again and again as long as there is no space for it. After a write has failed, RocksDB takes some seconds to
     * find out that there is space again.
     *
     * @throws RocksDBException any other failure; also want of space once this is closed
     */
    public void untilDone(Write write) throws RocksDBException {
        boolean told = false;
        boolean interrupted = false;
        try {
            while (!done(write)) {
                if (!told) {
                    told = true;
                    LOG.warn("{}: no space left, so this write waits", directory);
                }
                look();
                relieve();
                interrupted |= pause();
            }
        } finally {
            handOn(interrupted);
        }
    }

    private boolean done(Write write) throws RocksDBException {
        try {
            write.run();
            return true;
        } catch (RocksDBException e) {
            if (closed || !isNoSpace(e)) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isNoSpace(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    /**
     * Ended early by {@link #close} alone: JRaft interrupts its threads for its own reasons.
     *
     * @return whether it was interrupted, which the caller hands on when it has waited enough
     */
    private boolean pause() {
        long end = System.nanoTime() + INTERVAL_NANOS;
        boolean interrupted = false;
        while (!closed && end - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, Math.min(INTERVAL_NANOS / 10, end - System.nanoTime()));
            interrupted |= Thread.interrupted();
        }
        return interrupted;
    }

    private static void handOn(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of all files below the directory; walks it. */
    public long usedBytes() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(Space::sizeBytes).sum();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} changed while it was measured: {}", directory, e.toString());
            return -1;
        }
    }

    private static long sizeBytes(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException deletedMeanwhile) {
            return 0;
        }
    }

    /** Nothing waits here any more. */
    @Override
    public void close() {
        closed = true;
    }
}
