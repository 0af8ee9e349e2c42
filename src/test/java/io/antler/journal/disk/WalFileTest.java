package io.antler.journal.disk;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A log that RocksDB itself wrote: a little more than one block, so that one record is in two parts. */
class WalFileTest {
    @TempDir
    Path directory = Path.of("");

    private Path log = Path.of("");
    private byte[] whole = {};

    @BeforeEach
    void write() throws RocksDBException, IOException {
        RocksDB.loadLibrary();
        var random = new Random(1);
        try (RocksDB database = RocksDB.open(directory.toString())) {
            for (int i = 0; i < 60; i++) {
                byte[] value = new byte[400 + random.nextInt(300)];
                random.nextBytes(value);
                database.put(("key" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII), value);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            log = files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
        whole = Files.readAllBytes(log);
        assertTrue(whole.length > 33_000, whole.length + " bytes");
    }

    @Test
    void aLogThatWasWrittenToItsEndIsWhole() {
        assertDoesNotThrow(() -> WalFile.checkAll(directory));
    }

    @Test
    void anyFlippedBitIsNoticedAlsoInALengthAndInTheLastRecord() throws IOException {
        var random = new Random(2);
        for (int at = 0; at < whole.length; at += at > whole.length - 1500 ? 1 : 7) {
            put(at, (byte) (whole[at] ^ (1 << random.nextInt(8))));
            if (!isFiller(at)) {
                int byteAt = at;
                var damaged =
                        assertThrows(Damaged.class, () -> WalFile.checkAll(directory), () -> "a bit of byte " + byteAt);
                assertTrue(String.valueOf(damaged.getMessage()).contains(log.toString()), damaged.getMessage());
            }
            put(at, whole[at]);
        }
    }

    @Test
    void anEndThatWasNeverWrittenIsNoDamageWhereverTheCrashCame() throws IOException {
        for (int length = whole.length; length >= 0; length -= length > whole.length - 1500 ? 1 : 13) {
            truncate(length);

            assertDoesNotThrow(() -> WalFile.checkAll(directory), "cut to " + length);
        }
    }

    @Test
    void spaceThatWasSetAsideIsNoDamageButZerosBeforeDataAre() throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(70_000), whole.length);
        }
        assertDoesNotThrow(() -> WalFile.checkAll(directory));

        put(whole.length + 60_000, (byte) 1);
        assertThrows(Damaged.class, () -> WalFile.checkAll(directory));
    }

    /** The few bytes at the end of a block that no record fits into carry nothing. */
    private boolean isFiller(int at) {
        int inBlock = at % (32 << 10);
        return inBlock > (32 << 10) - 7 && whole[at] == 0;
    }

    private void put(long at, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {value}), at);
        }
    }

    private void truncate(long length) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
