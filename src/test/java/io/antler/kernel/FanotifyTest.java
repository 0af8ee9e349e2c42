package io.antler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root. */
@Tag("system")
class FanotifyTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Path directory;

    FanotifyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aReadWaitsUntilItIsLetGoAndSeesWhatWasAppendedMeanwhile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "before");
        try (Fanotify fanotify = Fanotify.open()) {
            fanotify.watch(file);

            Process reader = new ProcessBuilder("cat", file.toString()).start();
            List<Fanotify.Access> accesses = fanotify.await(LONG);
            assertEquals(1, accesses.size());
            assertEquals(reader.pid(), accesses.getFirst().pid());
            assertTrue(reader.isAlive());
            Files.writeString(file, "after");
            fanotify.unwatch(file);
            fanotify.letGo(accesses.getFirst());

            assertTrue(reader.waitFor(20, TimeUnit.SECONDS));
            assertEquals(
                    "after",
                    new String(reader.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void closingLetsHeldReadsGo() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Fanotify fanotify = Fanotify.open();
        fanotify.watch(file);
        Process reader = new ProcessBuilder("cat", file.toString()).start();
        assertFalse(fanotify.await(LONG).isEmpty());

        fanotify.close();

        assertTrue(reader.waitFor(20, TimeUnit.SECONDS));
    }

    @Test
    void aWaitingThreadIsWoken() throws Exception {
        try (Fanotify fanotify = Fanotify.open()) {
            var waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return fanotify.await(Duration.ofHours(1));
                } catch (java.io.IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });

            fanotify.wake();

            assertTrue(waiting.get(20, TimeUnit.SECONDS).isEmpty());
        }
    }
}
