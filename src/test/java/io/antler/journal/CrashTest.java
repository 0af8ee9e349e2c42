package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends without a word, so that nothing of RocksDB's memory reaches the disk. */
class CrashTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final int EVENTS = 50;

    private static RaftSettings settings(Path directory, int port) {
        var address = new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port);
        return new RaftSettings(N1, Map.of(N1, address), directory, Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    /** Each epoch appends one event, then the next one takes over; the last one is left without an event. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            RaftGroup group = RaftGroup.start(settings(Path.of(args[0]), Integer.parseInt(args[1])));
            for (int i = 1; i <= EVENTS; i++) {
                Await.of(group.takeOver("p", new Epoch(i)));
                Await.of(group.append("p", new Epoch(i), i, List.of(event("e" + i))));
            }
            Await.of(group.takeOver("p", new Epoch(EVENTS + 1)));
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void whatWasConfirmedIsThereAfterACrash(@TempDir Path directory) throws IOException, InterruptedException {
        int port = TestGroup.freeAddress().getPort();
        assertEquals(9, run(directory, port));

        try (var group = RaftGroup.start(settings(directory, port))) {
            Await.of(group.barrier());

            assertEquals(new Fence(new Epoch(EVENTS + 1), EVENTS), group.fence("p"));
            assertEquals(EVENTS, Await.of(group.events("p", 1, 1000, 1000)).size());
        }
    }

    @Test
    void aCrashLeavesNothingAmongTheTemporaryFiles(@TempDir Path directory, @TempDir Path temporary)
            throws IOException, InterruptedException {
        assertEquals(9, run(directory, TestGroup.freeAddress().getPort(), "-Djava.io.tmpdir=" + temporary));

        assertEquals(List.of(), Folders.files(temporary));
        assertEquals(1, Folders.files(directory.resolve("native")).size());
    }

    private static int run(Path directory, int port, String... flags) throws IOException, InterruptedException {
        List<String> command = Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"),
                        List.of(flags),
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                Victim.class.getName(),
                                directory.toString(),
                                Integer.toString(port)))
                .flatMap(List::stream)
                .toList();
        Process victim = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(victim.waitFor(30, TimeUnit.SECONDS), "the victim still runs");
        return victim.exitValue();
    }
}
