package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a Raft peer that are not as it left them. */
class RaftLogDamageTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final int EVENTS = 300;

    @TempDir
    Path directory = Path.of("");

    private TestGroup group = TestGroup.none();

    @BeforeEach
    void fill() {
        group = TestGroup.start(directory, 1);
        append(1, EVENTS);
        group.awaitRecorded();
        group.stop(N1);
    }

    @AfterEach
    void stop() {
        group.close();
    }

    private void append(int first, int last) {
        RaftGroup node = group.awaitLeader();
        for (int i = first; i <= last; i++) {
            Await.of(node.append("p", Epoch.NONE, i, List.of(event("e" + i + "-".repeat(100)))));
        }
    }

    private Path raft() {
        return directory.resolve("n1/raft");
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(raft())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending)
                            || file.getFileName().toString().startsWith(ending))
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    private void assertRefused(String file) {
        var refused = assertThrows(JournalUnusable.class, () -> group.start(N1));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(file), message);
        assertTrue(message.contains("antler node --join"), message);
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x10;
        Files.write(file, bytes);
    }

    @Test
    void anEntryThatWasNotFinishedIsDroppedAndAllBeforeItAreThere() throws IOException {
        Path log = files(".log").getLast();
        byte[] whole = Files.readAllBytes(log);
        assertTrue(whole.length > EVENTS * 100, "the events are in the log");
        int firstRecord = 7 + (whole[4] & 0xff) + ((whole[5] & 0xff) << 8);
        Files.write(log, Arrays.copyOf(whole, firstRecord / 2), StandardOpenOption.APPEND);

        group.start(N1);
        RaftGroup node = group.awaitLeader();

        assertEquals(EVENTS, Await.of(node.events("p", 1, 1000, 1000)).size());
        append(EVENTS + 1, EVENTS + 1);
    }

    @Test
    void aFlippedBitAnywhereInTheLogIsRefusedByName() throws IOException {
        Path log = files(".log").getLast();
        byte[] whole = Files.readAllBytes(log);
        var random = new Random(3);
        for (int i = 0; i < 30; i++) {
            flip(log, random.nextInt(whole.length));

            assertRefused(log.toString());
            Files.write(log, whole);
        }
        group.start(N1);
        assertEquals(
                EVENTS, Await.of(group.awaitLeader().events("p", 1, 1000, 1000)).size());
    }

    @Test
    void aFlippedBitInATableIsRefusedByName() throws IOException {
        group.start(N1); // which writes what was in the log to a table
        group.awaitLeader();
        group.stop(N1);
        Path table = files(".sst").getFirst();
        byte[] whole = Files.readAllBytes(table);
        for (int at = 10; at < whole.length; at += whole.length / 20) {
            flip(table, at);

            assertRefused(raft().resolve("log").toString());
            Files.write(table, whole);
        }
        flip(table, whole.length / 3);
        assertRefused(table.getFileName().toString());
    }

    @Test
    void aFlippedBitInTheListOfFilesIsRefusedByName() throws IOException {
        Path manifest = files("MANIFEST-").getLast();
        byte[] whole = Files.readAllBytes(manifest);
        for (int at = 0; at < whole.length; at += 5) {
            flip(manifest, at);

            assertRefused(manifest.toString());
            Files.write(manifest, whole);
        }
    }

    @Test
    void aLogATableOrAListThatIsMissingIsRefused() throws IOException {
        Path current = raft().resolve("log/CURRENT");
        byte[] content = Files.readAllBytes(current);
        Files.delete(current);
        assertRefused("CURRENT");
        Files.write(current, content);

        Path log = files(".log").getLast();
        byte[] lines = Files.readAllBytes(log);
        Files.delete(log);
        assertRefused("log");
        Files.write(log, lines);

        group.start(N1);
        group.awaitLeader();
        group.stop(N1);
        Files.delete(files(".sst").getFirst());
        assertRefused(".sst");
    }

    @Test
    void aDamagedOrMissingVoteIsRefusedByName() throws IOException {
        Path vote = raft().resolve("vote");
        byte[] whole = Files.readAllBytes(vote);
        flip(vote, 17);
        flip(vote, 4096 + 17);
        assertRefused(vote.toString());

        Files.delete(vote);
        assertRefused(vote.toString());

        Files.write(vote, whole);
        group.start(N1);
        assertEquals(
                EVENTS, Await.of(group.awaitLeader().events("p", 1, 1000, 1000)).size());
    }

    /** Nothing contradicts anything then, but it would vote as if it had never promised anything. */
    @Test
    void aMemberWithoutLogAndVoteIsRefused() throws IOException {
        Folders.delete(raft().resolve("log"));
        Files.delete(raft().resolve("vote"));

        assertRefused(raft().resolve("vote") + " is missing");
    }

    @Test
    void aLogThatEndsBeforeWhatWasAppliedIsRefused() throws IOException {
        Path log = files(".log").getLast();
        byte[] whole = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(whole, whole.length / 2));

        assertRefused("its end is lost");
    }
}
