package io.antler.metalogger.keeping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.archive.StoredImage;
import io.antler.moosefs.MetadataId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCommandTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-28T07:00:00Z"));

    private final Path image;

    ImageCommandTest(@TempDir Path directory) throws Exception {
        image = Files.writeString(directory.resolve("metadata_ml.mfs.back"), "content");
    }

    private ImageCommand.Result run(Duration timeout, String script) throws InterruptedException {
        var command = new ImageCommand(List.of("sh", "-c", script, "sh"), timeout);
        return command.run(new StoredImage(0, image, 1207, ID, CLOCK.instant(), 7), ID, CLOCK);
    }

    @Test
    void itIsToldWhatTheImageIs() throws Exception {
        var result = run(
                Duration.ofSeconds(20),
                "cp \"$1\" \"$1.copy\"; echo $ANTLER_VERSION $ANTLER_METADATA_ID $ANTLER_DIRECTORY");

        assertTrue(result.isGood());
        assertEquals("1207 " + ID + " " + image.getParent(), result.output());
        assertEquals("content", Files.readString(image.resolveSibling("metadata_ml.mfs.back.copy")));
    }

    @Test
    void anExitCodeIsReportedWithTheLastWords() throws Exception {
        var result = run(Duration.ofSeconds(20), "seq 1 20000; echo no route to host >&2; exit 12");

        assertEquals(12, result.exit());
        assertTrue(result.output().endsWith("20000\nno route to host"), result.output());
        assertTrue(result.output().length() <= 2000);
    }

    @Test
    void whatTakesTooLongIsKilledWithItsChildren() throws Exception {
        Path alive = image.resolveSibling("pid");

        var result = run(Duration.ofMillis(300), "sleep 1000 & echo $! > " + alive + "; wait");

        assertFalse(result.isGood());
        assertTrue(result.output().startsWith("no end within"), result.output());
        long child = Long.parseLong(Files.readString(alive).strip());
        assertTrue(ProcessHandle.of(child)
                .map(process -> process.onExit().join() != null)
                .orElse(true));
    }

    @Test
    void aProgramThatIsNotThereIsReported() throws Exception {
        var command = new ImageCommand(List.of("/nonexistent/program"), Duration.ofSeconds(1));

        var result = command.run(new StoredImage(0, image, 1207, ID, CLOCK.instant(), 7), ID, CLOCK);

        assertTrue(result.output().startsWith("not started: "), result.output());
    }
}
