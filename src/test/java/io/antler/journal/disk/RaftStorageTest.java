package io.antler.journal.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.option.RaftOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class RaftStorageTest {
    @TempDir
    Path directory = Path.of("");

    private RaftStorage open() throws IOException {
        return RaftStorage.open(directory, Space.open(directory, new Space.Limits(0, 0)), new SyncTimes(nanos -> {}));
    }

    private void fill() throws IOException {
        try (RaftStorage storage = open()) {
            var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
            entry.setId(new LogId(1, 1));
            entry.setData(ByteBuffer.wrap(new byte[10]));
            assertTrue(storage.createLogStorage("", new RaftOptions()).appendEntry(entry));
            assertEquals(1, storage.syncedIndex());
        }
    }

    @Test
    void aLogWithoutItsFileCurrentAndWithoutAVoteIsNotTakenForANewOne() throws IOException {
        fill();
        Files.delete(directory.resolve("log/CURRENT"));
        Files.delete(directory.resolve("vote"));

        var damaged = assertThrows(Damaged.class, this::open);

        assertTrue(String.valueOf(damaged.getMessage()).contains("vote"), damaged.getMessage());
    }

    @Test
    void aLogWithoutItsFileCurrentIsDamagedThoughNobodyWasVotedFor() throws IOException {
        fill();
        Files.delete(directory.resolve("log/CURRENT"));

        var damaged = assertThrows(Damaged.class, this::open);

        assertTrue(String.valueOf(damaged.getMessage()).contains("CURRENT"), damaged.getMessage());
    }

    /** A crash while the first one was made: nothing was in it. */
    @Test
    void aListOfFilesAloneIsNoLog() throws IOException {
        Files.createDirectories(directory.resolve("log"));
        Files.writeString(directory.resolve("log/MANIFEST-000001"), "");

        open().close();
    }

    @Test
    void aLogThatCannotBeUsedIsNotLeftOpen() throws IOException, RocksDBException {
        try (LogDatabase database = LogDatabase.open(directory.resolve("log"));
                var batch = new WriteBatch();
                var vote = VoteFile.open(directory.resolve("vote"))) {
            byte[] first = "meta/firstLogIndex".getBytes(StandardCharsets.US_ASCII);
            batch.put(database.configurations(), first, new byte[3]);
            database.write(batch);
            assertEquals(0, vote.vote().term());
        }
        assertThrows(RuntimeException.class, this::open);

        LogDatabase.open(directory.resolve("log")).close(); // else: locked
    }
}
