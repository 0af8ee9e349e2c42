package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.lab.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** Deleting events gives their disk space back. */
class SpaceTest {
    private static final int EVENTS = 400;
    private static final int EVENT_BYTES = 500_000;

    private static Entry append(int i) {
        byte[] bytes = new byte[EVENT_BYTES];
        new Random(i).nextBytes(bytes);
        var event = new Envelope(1, "", "", "writer", i, ByteString.fromArray(bytes));
        return new Entry.Append("p", Epoch.NONE, i, List.of(event.encoded()));
    }

    /** What a file takes counts once, under however many names. */
    private static long usedBytes(Path directory) {
        Set<Object> seen = new HashSet<>();
        try (Stream<Path> content = Files.walk(directory)) {
            return content.mapToLong(path -> {
                        try {
                            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                            return attributes.isRegularFile() && seen.add(attributes.fileKey()) ? attributes.size() : 0;
                        } catch (IOException vanished) {
                            return 0;
                        }
                    })
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return Long.MAX_VALUE; // something was deleted while it was looked at
        }
    }

    @Test
    void afterMostIsDeletedAndTheNextSnapshotIsMadeTheDiskHasItBack(@TempDir Path directory) throws RocksDBException {
        try (var replica = new LoneReplica(directory)) {
            for (int i = 1; i <= EVENTS; i++) {
                replica.apply(i, append(i));
            }
            replica.snapshotNow(EVENTS);
            long full = (long) EVENTS * EVENT_BYTES;
            assertTrue(usedBytes(directory) >= full, usedBytes(directory) + " bytes");

            replica.apply(EVENTS + 1, new Entry.DeleteTo("p", EVENTS - 20));
            Path store = directory.resolve("events");
            Await.until("the store is small", () -> usedBytes(store) < full / 5);
            assertTrue(usedBytes(directory) >= full, "the snapshot still has it all");
            replica.snapshotNow(EVENTS + 1);

            Await.until("all is small", () -> usedBytes(directory) < full / 5);
            var left = replica.replica.histories().read("p", 1, EVENTS, 100);
            assertEquals(EVENTS - 19, left.getFirst().sequenceNr());
            assertEquals(EVENTS, replica.replica.histories().of("p").fence().highest());
        }
    }
}
