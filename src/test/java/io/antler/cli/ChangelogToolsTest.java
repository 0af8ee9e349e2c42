package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import io.antler.moosefs.TestImage.Edge;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code antler changelog verify}, {@code cat}, {@code merge}, {@code diff} and {@code explain}. */
class ChangelogToolsTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private record Result(int code, String out, String err) {}

    private final Path directory;

    ChangelogToolsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static String lines(long first, long until) {
        return LongStream.range(first, until)
                .mapToObj(version -> version + ": " + (1700000000 + version) + "|LENGTH(5," + version + ",1)\n")
                .collect(Collectors.joining());
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path file(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private Result run(String command, Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] all = Stream.concat(
                        Stream.of(command.split(" ")), Stream.of(arguments).map(Object::toString))
                .toArray(String[]::new);
        int code = Antler.run(new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 0, all);
        return new Result(
                code,
                out.toString().replace(directory + "/", ""),
                err.toString().replace(directory + "/", ""));
    }

    @Test
    void aWholeHistoryIsVerified() throws IOException {
        file("m/changelog.1.mfs", lines(98, 200));
        file("m/changelog.0.mfs", lines(190, 300));

        Result result = run("changelog verify", directory.resolve("m"));

        String zone = ZoneId.systemDefault().getRules().getOffset(Instant.EPOCH).getId();
        assertEquals("""
                file         m/changelog.1.mfs: 98 to 199, 2023-11-14T22:14:58Z to 2023-11-14T22:16:39Z
                file         m/changelog.0.mfs: 190 to 299, 2023-11-14T22:16:30Z to 2023-11-14T22:18:19Z
                overlap      190 to 199, in m/changelog.1.mfs and m/changelog.0.mfs
                changes      98 to 299
                result       whole
                """.replace("Z", zone), result.out());
        assertEquals(0, result.code());
    }

    @Test
    void holesDamageAndContradictionsAreVerifiedEachWithItsCode() throws IOException {
        Path hole = file("a/changelog.0.mfs", lines(10, 20) + lines(25, 30));
        Path damaged = file("b/changelog.0.mfs", lines(10, 20) + "2\u0000x\n" + lines(20, 30) + "30: 17");
        Path one = file("c/changelog.0.mfs", lines(10, 30));
        Path other = file("d/changelog.0.mfs", lines(10, 29) + "29: 1700000029|IDLE()\n");

        Result missing = run("changelog verify", hole);
        Result bad = run("changelog verify", damaged);
        Result contradictory = run("changelog verify", one, other);

        assertTrue(missing.out().contains("NOWHERE      changes 20 to 24 are nowhere"), missing.out());
        assertEquals(Antler.INCOMPLETE, missing.code());
        assertTrue(bad.out().contains("note         b/changelog.0.mfs, byte 301: NUL bytes inside a line"), bad.out());
        assertTrue(bad.out().contains("half a line, \"30: 17\", complete nowhere"), bad.out());
        assertEquals(Antler.INCOMPLETE, bad.code());
        assertTrue(contradictory.out().contains("change 29 is contradictory"), contradictory.out());
        assertEquals(Antler.CONTRADICTORY, contradictory.code());
    }

    @Test
    void whatIsNoFileIsNamed() {
        Result none = run("changelog verify", directory.resolve("none"));

        assertEquals("antler: none does not exist. Name another one\n", none.err());
        assertEquals(1, none.code());
    }

    @Test
    void filesAreConcatenatedInOrderWhateverTheyAreCompressedWith() throws IOException {
        Path late = file("changelog.0.mfs.gz", Compressed.with(Compression.GZIP, bytes(lines(200, 300))));
        Path early = file("changelog.1.mfs.zst", Compressed.with(Compression.ZSTD, bytes(lines(98, 200))));

        Result all = run("changelog cat", late, early);
        Result part = run("changelog cat", late, early, "--from", "150", "--to", "@1700000250");

        assertEquals(lines(98, 300), all.out());
        assertEquals(lines(150, 251), part.out());
        assertEquals(0, all.code());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatCannotBeReadIsToldAndTheRestPrinted() throws IOException {
        Path damaged = file("changelog.0.mfs", lines(10, 12) + "nonsense\n" + lines(12, 14) + "14: 1");

        Result result = run("changelog cat", damaged);

        assertEquals(lines(10, 14), result.out());
        assertTrue(result.err().contains("antler: changelog.0.mfs, byte 60: "), result.err());
        assertTrue(result.err().contains("half a line, \"14: 1\""), result.err());
        assertEquals(Antler.INCOMPLETE, result.code());
    }

    @Test
    void oneHistoryIsMadeOfSeveralFiles() throws IOException {
        Path one = file("a/changelog.0.mfs", lines(98, 150) + "damage\n" + lines(160, 200));
        Path other = file("b/changelog_ml.0.mfs", lines(140, 220));
        Path target = directory.resolve("merged.mfs");

        Result printed = run("changelog merge", one, other);
        Result written = run("changelog merge", one, other, "--to", target);
        Result again = run("changelog merge", one, other, "--to", target);

        assertEquals(lines(98, 220), printed.out());
        assertEquals(0, printed.code());
        assertEquals(lines(98, 220), Files.readString(target));
        assertEquals(0, written.code());
        assertEquals(Antler.TARGET_UNUSABLE, again.code());
        assertTrue(again.err().contains("exists already"), again.err());
        assertFalse(Files.exists(directory.resolve("merged.mfs.partial")));
    }

    @Test
    void twoHistoriesInOneFileArePrintedAsOne() throws IOException {
        Path twice = file("changelog.0.mfs", lines(100, 200) + lines(50, 120));

        Result printed = run("changelog merge", twice);

        assertEquals(lines(50, 200), printed.out());
        assertEquals(0, printed.code());
    }

    @Test
    void aMergeWithAHoleHasItsCode() throws IOException {
        Path one = file("changelog.0.mfs", lines(98, 150) + lines(160, 200));

        Result printed = run("changelog merge", one);

        assertEquals(lines(98, 150) + lines(160, 200), printed.out());
        assertTrue(printed.err().contains("NOWHERE      changes 150 to 159 are nowhere"), printed.err());
        assertEquals(Antler.INCOMPLETE, printed.code());
    }

    @Test
    void equalHistoriesDoNotDiffer() throws IOException {
        file("a/changelog.0.mfs", lines(98, 200));
        file("b/changelog.1.mfs", lines(98, 150));
        file("b/changelog.0.mfs", lines(140, 200));

        Result result = run("changelog diff", directory.resolve("a"), directory.resolve("b"));

        assertEquals("same         102 changes\n", result.out());
        assertEquals(0, result.code());
    }

    @Test
    void whereHistoriesDifferIsTold() throws IOException {
        Path a = file("a.mfs", lines(98, 150) + "150: 1700000150|IDLE()\n" + lines(151, 200));
        Path b = file("b.mfs", lines(100, 120) + lines(125, 210));

        Result result = run("changelog diff", a, b);

        assertEquals("""
                same         94 changes
                first        change 150
                    a.mfs: 1700000150|IDLE()
                    b.mfs: 1700000150|LENGTH(5,150,1)
                only         98 to 99, in a.mfs
                only         120 to 124, in a.mfs
                different    150
                only         200 to 209, in b.mfs
                """, result.out());
        assertEquals(Antler.CONTRADICTORY, result.code());
        assertEquals(
                Antler.INCOMPLETE,
                run("changelog diff", file("c.mfs", lines(1, 5)), file("d.mfs", lines(1, 6)))
                        .code());
    }

    @Test
    void changesAreExplainedAndFiltered() throws IOException {
        Path image = file(
                "metadata.mfs",
                TestImage.withSections(
                        100, ID, TestImage.edges(new Edge(1, 2, "home"), new Edge(2, 5, "f"), new Edge(1, 6, "g"))));
        Path file = file("changelog.0.mfs", """
                100: 1700000000|ACQUIRE(3,5)
                101: 1700000001|LENGTH(5,10,1)
                102: 1700000002|UNLINK(2,f):5
                103: 1700000003|ACCESS(6)
                104: 1700000004|STRANGE(6)
                """);

        Result all = run("changelog explain", file, "--image", image);

        assertEquals("""
                100  2023-11-14T22:13:20Z  ACQUIRE  session 3 opens /home/f
                101  2023-11-14T22:13:21Z  LENGTH  /home/f has 10 bytes now, with a new modification time
                102  2023-11-14T22:13:22Z  UNLINK  removes /home/f (inode 5)
                103  2023-11-14T22:13:23Z  ACCESS  reads /g: new access time
                104  2023-11-14T22:13:24Z  STRANGE(6)  (an operation that is not known)
                """, all.out());
        assertEquals(0, all.code());
        assertVersions("100 101 102", file, "--image", image, "--inode", 5);
        assertVersions("100 101 102", file, "--image", image, "--path", "/home/f");
        assertVersions("100 101 102", file, "--image", image, "--path", "/home");
        assertVersions("103", file, "--image", image, "--path", "/g");
        assertVersions("100", file, "--session", 3);
        assertVersions("102 103", file, "--operation", "unlink,ACCESS");
        assertVersions("101 102", file, "--since", "101", "--until", "@1700000002");
        assertVersions("104", file, "--operation", "STRANGE");
    }

    private void assertVersions(String expected, Object... arguments) {
        Result result = run("changelog explain", arguments);
        String versions =
                result.out().lines().map(line -> line.split(" ", 2)[0]).collect(Collectors.joining(" "));
        assertEquals(expected, versions, result.err());
        Object[] json = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        assertEquals(
                result.out().lines().count(),
                run("changelog explain", json)
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("{\"version\":") && line.endsWith("}"))
                        .count());
    }

    @Test
    void whatReplacesAnInodeNamesIt() throws IOException {
        Path file = file("changelog.0.mfs", """
                1: 1700000000|CREATE(1,a,1,420,18,0,0,0):2
                2: 1700000000|CREATE(1,b,1,420,18,0,0,0):3
                3: 1700000000|MOVE(1,a,1,c):2
                4: 1700000000|MOVE(1,c,1,b):2
                5: 1700000000|ACCESS(2)
                """);

        assertVersions("2 4", file, "--inode", 3);
    }

    @Test
    void severalFilesAreExplainedInOrderAndEachVersionOnce() throws IOException {
        Path late = file("changelog.0.mfs", lines(12, 20));
        Path early = file("changelog.1.mfs", lines(5, 15));

        assertVersions("5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", late, early);
        assertTrue(run("changelog explain", late, early).err().contains("3 changes in changelog.0.mfs are left out"));
    }

    @Test
    void aLineWithAWrongVersionDoesNotHideWhatComesAfterIt() throws IOException {
        Path early = file("changelog.1.mfs", lines(5, 9) + "9000000009: 1700000009|ACCESS(5)\n");
        Path late = file("changelog.0.mfs", lines(9, 12));

        assertVersions("5 6 7 8 9000000009 9 10 11", early, late);
    }

    @Test
    void aPipeThatNobodyReadsEndsQuietlyButAFullDiskIsTold() throws IOException {
        Path changes = file("changelog.0.mfs", lines(1, 5000));

        for (String command : List.of("cat", "merge", "explain")) {
            var err = new StringWriter();
            var full = new StringWriter();
            int code = Commands.run(
                    failing("Broken pipe"), new PrintWriter(err, true), "changelog", command, changes.toString());
            int codeOfFull = Commands.run(
                    failing("No space left on device"),
                    new PrintWriter(full, true),
                    "changelog",
                    command,
                    changes.toString());

            assertEquals(Antler.OUTPUT_CLOSED, code);
            assertEquals("", err.toString());
            assertEquals(1, codeOfFull);
            assertEquals("antler: The output cannot be written: No space left on device\n", full.toString());
        }
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void aSectionOfAnUnknownVersionIsToldAndHasItsCode() throws IOException {
        Path image = file("metadata.mfs", TestImage.withSections(100, ID, TestImage.section("CHNK 1.9", new byte[10])));

        Result verify = run("image verify", image);

        assertEquals("""
                metadata.mfs is whole as far as it is known: version 100, metadata id 6B033F33BF7C765B
                its section CHNK has the version 1.9, which is not known, and was not looked into
                there is no metadata.crc beside it, so there are no sums to compare with
                """, verify.out());
        assertEquals(Antler.INCOMPLETE, verify.code());
    }

    @Test
    void anImageIsShownAndVerified() throws IOException {
        Path image = file(
                "metadata.mfs",
                TestImage.withSections(100, ID, TestImage.edges(new Edge(1, 2, "home"), new Edge(2, 5, "f"))));
        Path cut = file("cut.mfs", Arrays.copyOf(Files.readAllBytes(image), 290));

        Result info = run("image info", image);
        Result whole = run("image verify", image);
        Result broken = run("image verify", cut);

        assertEquals("""
                image        metadata.mfs
                version      100
                metadata id  6B033F33BF7C765B
                written by   3.0

                SECTION  VERSION           BYTES      RECORDS
                SESS     1.5                 195            0
                EDGE     1.1                  67            2
                """, info.out());
        assertEquals("""
                metadata.mfs is whole: version 100, metadata id 6B033F33BF7C765B
                there is no metadata.crc beside it, so there are no sums to compare with
                """, whole.out());
        assertEquals(
                "{\"version\":100,\"metadataId\":\"6B033F33BF7C765B\",\"writtenBy\":\"3.0\",\"inodes\":null,\"nodes\":{},"
                        + "\"sections\":[{\"name\":\"SESS\",\"version\":\"1.5\",\"offset\":24,\"bytes\":195,\"records\":0},"
                        + "{\"name\":\"EDGE\",\"version\":\"1.1\",\"offset\":235,\"bytes\":67,\"records\":2}]}\n",
                run("image info --json", image).out());
        assertEquals(1, broken.code());
        assertTrue(
                broken.err().contains("its section EDGE should have 67 bytes, more than there are: it is truncated"),
                broken.err());
    }
}
