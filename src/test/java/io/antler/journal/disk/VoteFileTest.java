package io.antler.journal.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteFileTest {
    private static final int COPY_BYTES = 4096;
    private static final int USED_BYTES = 4 + 8 + 8 + 4 + "10.0.0.1:9430".length() + 4;

    @TempDir
    Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void vote() throws IOException {
        file = directory.resolve("raft/vote");
        try (VoteFile votes = VoteFile.open(file)) {
            assertEquals(0, votes.vote().term());
            votes.store(7, "10.0.0.2:9430");
            votes.store(8, "10.0.0.1:9430");
        }
    }

    private void assertKept() throws IOException {
        try (VoteFile votes = VoteFile.open(file)) {
            assertEquals(8, votes.vote().term());
            assertEquals("10.0.0.1:9430", votes.vote().voted());
        }
    }

    private byte[] flipped(byte[] whole, int at) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 4;
        return flipped;
    }

    @Test
    void theLastVoteIsKept() throws IOException {
        assertKept();
    }

    @Test
    void anyFlippedBitInOneCopyIsHealed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < USED_BYTES; at++) {
            for (int copy = 0; copy < 2; copy++) {
                Files.write(file, flipped(whole, copy * COPY_BYTES + at));

                assertKept();
                assertEquals(-1, java.util.Arrays.mismatch(whole, Files.readAllBytes(file)), "healed");
            }
        }
    }

    @Test
    void damageInBothCopiesIsRefusedByName() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, flipped(flipped(whole, 10), COPY_BYTES + 12));

        var damaged = assertThrows(Damaged.class, () -> VoteFile.open(file));

        assertTrue(String.valueOf(damaged.getMessage()).contains(file.toString()), damaged.getMessage());
    }

    @Test
    void aCrashBetweenTheTwoCopiesLeavesTheOlderOrTheNewerVote() throws IOException {
        byte[] newer = Files.readAllBytes(file);
        try (VoteFile votes = VoteFile.open(file)) {
            votes.store(9, "10.0.0.3:9430");
        }
        byte[] newest = Files.readAllBytes(file);
        System.arraycopy(newer, COPY_BYTES, newest, COPY_BYTES, COPY_BYTES);
        Files.write(file, newest);

        try (VoteFile votes = VoteFile.open(file)) {
            assertEquals(9, votes.vote().term());
        }

        newest[9] ^= 1; // and now the first copy was not finished, while the second is still the older one
        System.arraycopy(newer, COPY_BYTES, newest, COPY_BYTES, COPY_BYTES);
        Files.write(file, newest);
        assertKept();
    }
}
