package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangelogCommandsTest {
    private record Result(int code, String out, String err) {}

    private final Path directory;

    ChangelogCommandsTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("a"));
        Files.createDirectories(directory.resolve("b"));
        image("a/metadata_ml.mfs.back", "6B033F33BF7C765B");
    }

    private void image(String name, String id) throws IOException {
        Files.write(directory.resolve(name), TestImage.of(100, MetadataId.parse(id), 50));
    }

    private void changes(String name, long first, long until) throws IOException {
        Files.writeString(
                directory.resolve(name),
                LongStream.range(first, until)
                        .mapToObj(version -> version + ": 1700000000|IDLE()\n")
                        .collect(Collectors.joining()));
    }

    private Result collect(String... options) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = new ArrayList<>(List.of("changelog", "collect", "--to", directory.resolve("to") + ""));
        arguments.addAll(List.of("--from", directory.resolve("a") + "", directory.resolve("b") + ""));
        arguments.addAll(List.of(options));
        int code = Antler.run(
                new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 0, arguments.toArray(String[]::new));
        return new Result(
                code,
                out.toString().replace(directory + "/", ""),
                err.toString().replace(directory + "/", ""));
    }

    @Test
    void itSaysWhatItFoundAndWhatItMade() throws IOException {
        changes("a/changelog_ml.0.mfs", 90, 120);
        changes("b/changelog.0.mfs", 110, 130);
        Files.writeString(directory.resolve("b/stats.mfs"), "");

        Result result = collect();

        assertEquals("""
                source       a: 1 image, 1 changelog file
                source       b: 0 images, 1 changelog file
                             1 other file ignored: stats.mfs
                image        a/metadata_ml.mfs.back, version 100, metadata id 6B033F33BF7C765B
                changes      90 to 129
                result       version 130 in to
                """, result.out());
        assertEquals(0, result.code());
        assertTrue(Files.exists(directory.resolve("to/changelog.0.mfs")));
    }

    @Test
    void aDryRunMakesNothing() throws IOException {
        changes("a/changelog_ml.0.mfs", 90, 120);

        Result result = collect("--dry-run");

        assertTrue(result.out().endsWith("result       version 120\n"), result.out());
        assertFalse(Files.exists(directory.resolve("to")));
    }

    @Test
    void whatIsNowhereIsToldAndTheExitCodeSaysSo() throws IOException {
        changes("a/changelog_ml.0.mfs", 90, 120);
        changes("b/changelog.0.mfs", 125, 130);

        Result result = collect();

        assertTrue(result.out().contains("""
                NOWHERE      changes 120 to 124 are nowhere: a/changelog_ml.0.mfs ends before, b/changelog.0.mfs goes on after
                result       version 120 in to
                """), result.out());
        assertEquals(Antler.INCOMPLETE, result.code());
    }

    @Test
    void aContradictionHasACodeOfItsOwn() throws IOException {
        changes("a/changelog_ml.0.mfs", 90, 120);
        Files.writeString(directory.resolve("b/changelog.0.mfs"), "118: 1700000000|IDLE()\n119: 1700000001|IDLE()\n");

        Result result = collect();

        assertTrue(result.out().contains("""
                NOWHERE      change 119 is contradictory. Change 119:
                    a/changelog_ml.0.mfs: 1700000000|IDLE()
                    b/changelog.0.mfs: 1700000001|IDLE()
                result       version 119 in to
                """), result.out());
        assertEquals(Antler.CONTRADICTORY, result.code());
    }

    @Test
    void whatCannotBeDoneAtAllIsAnErrorWithItsCode() throws IOException {
        Files.createDirectories(directory.resolve("to"));
        Result exists = collect();
        image("b/metadata.mfs", "00000000000000FF");
        Result foreign = collect();

        assertEquals(
                "antler: to exists already. It is not touched: name another directory, or move it away\n",
                exists.err());
        assertEquals(Antler.TARGET_UNUSABLE, exists.code());
        assertTrue(foreign.err().contains("metadata id 00000000000000FF: b/metadata.mfs"), foreign.err());
        assertEquals(Antler.TWO_FILE_SYSTEMS, foreign.code());
    }
}
