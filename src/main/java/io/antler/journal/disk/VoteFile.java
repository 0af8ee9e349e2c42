package io.antler.journal.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer's term and vote: a peer that forgets them can vote twice. Two copies that are written one after the other, each in
 * a sector of its own and forced: a crash or a flipped bit spoils one of them at most, and the other is then the newest that
 * anybody was told of. Written in place, so a full disk does not prevent a vote.
 *
 * <p>A copy: format (4 bytes), number (8; one more with each write), term (8), length (4) and text (UTF-8) of the vote,
 * CRC-32C (4) of all that. Big-endian.
 */
final class VoteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VoteFile.class);
    private static final int FORMAT = 1;
    private static final int SECTOR_BYTES = 4096;
    private static final int MOST_BYTES = 512;

    /** @param voted whom, in JRaft's form; empty: nobody in this term */
    record Vote(long number, long term, String voted) {
        static final Vote NONE = new Vote(0, 0, "");
    }

    private final Path file;
    private final RandomAccessFile content;
    private Vote vote;

    private VoteFile(Path file, RandomAccessFile content, Vote vote) {
        this.file = file;
        this.content = content;
        this.vote = vote;
    }

    /** @throws Damaged if neither copy can be read */
    static VoteFile open(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        var content = new RandomAccessFile(file.toFile(), "rw"); // a channel would be closed by an interrupt
        try {
            Optional<Vote> first = read(content, 0);
            Optional<Vote> second = read(content, 1);
            Vote newest = first.filter(one ->
                            second.isEmpty() || one.number() >= second.get().number())
                    .or(() -> second)
                    .orElseThrow(() -> new Damaged(file, "neither of its two copies of term and vote is whole", null));
            var opened = new VoteFile(file, content, newest);
            if (!first.equals(second)) {
                LOG.warn("{}: one of two copies of term and vote was not whole or old, and is written again", file);
                opened.write(newest);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
    }

    private static void create(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (var content = new RandomAccessFile(beside.toFile(), "rw")) {
            new VoteFile(file, content, Vote.NONE).write(Vote.NONE);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Optional<Vote> read(RandomAccessFile content, int copy) throws IOException {
        byte[] sector = new byte[SECTOR_BYTES];
        long offset = (long) copy * SECTOR_BYTES;
        if (content.length() < offset + SECTOR_BYTES) {
            return Optional.empty();
        }
        content.seek(offset);
        content.readFully(sector);
        return Optional.ofNullable(decoded(ByteBuffer.wrap(sector)));
    }

    private static @Nullable Vote decoded(ByteBuffer sector) {
        int format = sector.getInt();
        long number = sector.getLong();
        long term = sector.getLong();
        int length = sector.getInt();
        if (format != FORMAT || length < 0 || length > MOST_BYTES) {
            return null;
        }
        byte[] voted = new byte[length];
        sector.get(voted);
        int end = sector.position();
        return sector.getInt() == checksum(sector, end) ? new Vote(number, term, new String(voted, UTF_8)) : null;
    }

    private static int checksum(ByteBuffer sector, int length) {
        var crc = new CRC32C();
        crc.update(sector.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    Vote vote() {
        return vote;
    }

    /** When this returns, the vote is kept. */
    void store(long term, String voted) throws IOException {
        write(new Vote(vote.number() + 1, term, voted));
    }

    private void write(Vote next) throws IOException {
        byte[] voted = next.voted().getBytes(UTF_8);
        if (voted.length > MOST_BYTES) {
            throw new IOException(file + " cannot hold a vote of " + voted.length + " bytes");
        }
        var sector = ByteBuffer.allocate(SECTOR_BYTES)
                .putInt(FORMAT)
                .putLong(next.number())
                .putLong(next.term())
                .putInt(voted.length)
                .put(voted);
        sector.putInt(checksum(sector, sector.position()));
        for (int copy = 0; copy < 2; copy++) {
            content.seek((long) copy * SECTOR_BYTES);
            content.write(sector.array(), sector.arrayOffset(), SECTOR_BYTES);
            content.getFD().sync();
        }
        vote = next;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
