package io.antler.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Tells a write-ahead log of RocksDB that a crash has cut short from one that is damaged. RocksDB itself takes a wrong
 * length in the last block for the end of the log and would forget acknowledged entries without a word.
 *
 * <p>The file consists of blocks of 32 KiB, each of records that do not cross blocks: checksum (4 bytes, little-endian,
 * masked CRC-32C of all after the length), length (2), type (1), for types 5 to 8 a number (4), data. Fewer than 7 bytes at
 * the end of a block are filler.
 */
final class WalFile {
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;
    private static final int LAST_TYPE = 11;
    private static final int MASK = 0xa282ead8;

    private final Path file;
    private final byte[] bytes = new byte[BLOCK_BYTES];
    private final ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    /** Where the bytes in {@code block} begin and how many of them there are. */
    private long offset;

    private int length;

    private WalFile(Path file) {
        this.file = file;
    }

    /**
     * @param directory of a RocksDB database that is not open
     * @throws Damaged if a log has another fault than an end that was never written
     */
    static void checkAll(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                List<Path> logs = files.filter(WalFile::isOne).sorted().toList();
                for (Path log : logs) {
                    new WalFile(log).check();
                }
            }
        }
    }

    /** RocksDB's list of its files has the same form, and the same weakness. */
    private static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") || name.startsWith("MANIFEST-");
    }

    private void check() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            while (read(channel)) {
                int position = 0;
                while (length - position >= HEADER_BYTES) {
                    if (isZero(position)) {
                        checkNothingFollows(channel, position);
                        return;
                    }
                    if (!isIntact(position)) {
                        checkCut(channel, position);
                        return;
                    }
                    position += recordBytes(position);
                }
            }
        }
    }

    /** The next block. */
    private boolean read(FileChannel channel) throws IOException {
        offset = channel.position();
        block.clear();
        while (block.hasRemaining() && channel.read(block) >= 0) {}
        length = block.position();
        return length > 0;
    }

    private int type(int position) {
        return bytes[position + 6] & 0xff;
    }

    private int recordBytes(int position) {
        int header = type(position) >= 5 && type(position) <= 8 ? HEADER_BYTES + 4 : HEADER_BYTES;
        return header + (block.getShort(position + 4) & 0xffff);
    }

    private boolean isIntact(int position) {
        int end = position + recordBytes(position);
        return type(position) >= 1 && type(position) <= LAST_TYPE && end <= length && isChecksumOf(position, end);
    }

    private boolean isChecksumOf(int position, int end) {
        crc.reset();
        crc.update(bytes, position + 6, end - position - 6);
        int plain = (int) crc.getValue();
        return block.getInt(position) == ((plain >>> 15) | (plain << 17)) + MASK;
    }

    private boolean isZero(int position) {
        return block.getInt(position) == 0 && block.getShort(position + 4) == 0 && bytes[position + 6] == 0;
    }

    /** Space that the file system had set aside and that nothing was written to. */
    private void checkNothingFollows(FileChannel channel, int position) throws IOException {
        long zeros = offset + position;
        int from = position;
        do {
            int start = from;
            if (Arrays.mismatch(bytes, start, length, new byte[length - start], 0, length - start) >= 0) {
                throw damaged(zeros, "zeros stand before other data");
            }
            from = 0;
        } while (read(channel));
    }

    /** The crash came in the middle of a record: it says that it is longer than the file, and nothing is after it. */
    private void checkCut(FileChannel channel, int position) throws IOException {
        boolean cut = length < BLOCK_BYTES && position + recordBytes(position) > length && type(position) <= LAST_TYPE;
        if (!cut || channel.position() < channel.size()) {
            throw damaged(offset + position, "a record does not match its checksum");
        }
        if (isChecksumOf(position, length)) {
            throw damaged(offset + position, "the length of a record is wrong");
        }
        for (int after = position + 1; length - after >= HEADER_BYTES; after++) {
            if (isIntact(after)) {
                throw damaged(offset + position, "an intact record follows one that is not");
            }
        }
    }

    private Damaged damaged(long at, String how) {
        return new Damaged(file, how + ", at byte " + at, null);
    }
}
