package io.antler.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Change;
import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of changelog files, with what can be wrong there. */
class TailReaderTest {
    private static final String MASTER = "changelog";
    private static final long PLENTY = 1 << 30;

    private final Path directory;

    TailReaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static String lines(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(
                        version -> version + ": 1700000000|CREATE(1,f" + version + ",1,438,18,0,0,0):" + version + "\n")
                .collect(Collectors.joining());
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content, StandardCharsets.ISO_8859_1);
    }

    private Tail read(long from) throws IOException {
        return TailReader.read(directory, MASTER, from, PLENTY);
    }

    private static void assertHas(long from, long to, Tail tail) {
        assertEquals(
                LongStream.range(from, to).boxed().toList(),
                tail.changes().stream().map(Change::version).toList());
    }

    @Test
    void theEndOfAFileOfAnySizeIsFoundAndReadOverARotation() throws IOException {
        put("changelog.2.mfs", lines(1, 90_000));
        put("changelog.1.mfs", lines(90_000, 200_000));
        put("changelog.0.mfs", lines(200_000, 200_010));

        Tail tail = read(199_990);

        assertHas(199_990, 200_010, tail);
        assertEquals(List.of(), tail.problems());
        assertHas(1, 200_010, read(0));
        assertHas(0, 0, read(200_010));
    }

    @Test
    void halfALineAtTheEndIsToldAndNotTaken() throws IOException {
        put("changelog.0.mfs", lines(5, 10) + "10: 1700000000|CRE");

        Tail tail = read(7);

        assertHas(7, 10, tail);
        assertEquals(1, tail.problems().size());
        assertTrue(tail.problems().getFirst().contains("half a line, \"10: 1700000000|CRE\""), tail.toString());
    }

    @Test
    void aHoleEndsItAndIsTold() throws IOException {
        put("changelog.1.mfs", lines(5, 10));
        put("changelog.0.mfs", lines(12, 20));

        Tail tail = read(7);

        assertHas(7, 10, tail);
        assertTrue(tail.problems().getFirst().startsWith("changes 10 to 11 are nowhere"), tail.toString());
    }

    @Test
    void filesThatTellDifferentThingsEndItThere() throws IOException {
        put("changelog.1.mfs", lines(5, 12));
        put("changelog.0.mfs", lines(5, 9) + "9: 1700000000|UNLINK(1,x):9\n");

        Tail tail = read(7);

        assertHas(7, 9, tail);
        assertTrue(tail.problems().getFirst().startsWith("change 9 is contradictory"), tail.toString());
    }

    @Test
    void whatIsNoChangelogOfThisKindOrCompressedIsLeftAlone() throws IOException {
        put("changelog.0.mfs", lines(5, 10));
        put("changelog_ml.0.mfs", "\0\0\0" + lines(10, 20));
        put("notes", "10: x");
        Files.write(
                directory.resolve("changelog.1.mfs.gz"),
                Compressed.with(Compression.GZIP, lines(1, 30).getBytes(StandardCharsets.ISO_8859_1)));

        Tail tail = read(7);

        assertHas(7, 10, tail);
        assertEquals(List.of(), tail.problems());
    }

    @Test
    void aLargeFileWithoutLinesIsAProblemNotAnAnswer() throws IOException {
        put("changelog.0.mfs", "\0".repeat(4 << 20));

        Tail tail = read(7);

        assertHas(0, 0, tail);
        assertTrue(tail.problems().getFirst().contains("changelog.0.mfs, byte "), tail.toString());
    }

    @Test
    void noMoreThanTheLimitIsRead() throws IOException {
        put("changelog.0.mfs", lines(1, 100_000));

        Tail tail = TailReader.read(directory, MASTER, 10, 10_000);

        assertTrue(tail.until() < 300, () -> "until " + tail.until());
        assertTrue(
                tail.problems().getFirst().startsWith("only changes up to "),
                tail.problems().toString());
    }
}
