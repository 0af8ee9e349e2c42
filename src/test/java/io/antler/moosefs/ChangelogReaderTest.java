package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangelogReaderTest {
    private static final String NAME = "changelog.7.mfs";
    /** More than one reading of the file, so that the limit is noticed. */
    private static final int READ_AHEAD = 1 << 19;

    /** All that a reader says of a file: changes, then problems, then what is left. */
    private record Found(List<Change> changes, List<BadChangelog> problems, Optional<ChangelogReader.HalfLine> left) {
        List<Long> versions() {
            return changes.stream().map(Change::version).toList();
        }

        BadChangelog onlyProblem() {
            assertEquals(1, problems.size(), problems.toString());
            return problems.getFirst();
        }
    }

    private static Found found(ChangelogReader reader) throws IOException {
        var changes = new ArrayList<Change>();
        var problems = new ArrayList<BadChangelog>();
        try (reader) {
            while (true) {
                try {
                    if (!reader.next()) {
                        return new Found(changes, problems, reader.halfLine());
                    }
                    changes.add(reader.change());
                } catch (BadChangelog bad) {
                    problems.add(bad);
                }
            }
        }
    }

    private static Found found(byte[] content) throws IOException {
        try {
            return found(ChangelogReader.of(new ByteArrayInputStream(content), NAME));
        } catch (BadChangelog damagedFromTheStart) {
            return new Found(List.of(), List.of(damagedFromTheStart), Optional.empty());
        }
    }

    private static Found found(String content) throws IOException {
        return found(bytes(content));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String lines(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(version ->
                        version + ": 1700000000|CREATE(1,name" + version % 97 + ",1,438,18,0,0,0):" + version)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void eachLineHasVersionTimeTextAndPlace() throws IOException {
        try (var reader = ChangelogReader.of(
                new ByteArrayInputStream(bytes("4: 1795374474|CREATE(2,f %2Cx: y):3\n5: 1795374475|IDLE()\n")), NAME)) {
            assertTrue(reader.next());
            assertEquals(new Change(4, "1795374474|CREATE(2,f %2Cx: y):3"), reader.change());
            assertEquals(1_795_374_474L, reader.seconds());
            assertEquals(0, reader.offset());
            assertTrue(reader.next());
            assertEquals(5, reader.version());
            assertEquals(36, reader.offset());
            var written = new ByteArrayOutputStream();
            reader.writeTo(written);
            assertEquals("5: 1795374475|IDLE()\n", written.toString(StandardCharsets.ISO_8859_1));
            assertEquals(written.size(), reader.length());
            assertFalse(reader.next());
            assertEquals(Optional.empty(), reader.halfLine());
        }
    }

    @Test
    void aFileOfManyBuffersIsReadWhole() throws IOException {
        byte[] content = bytes(lines(1, 60_000));

        var found = found(content);

        assertEquals(LongStream.range(1, 60_000).boxed().toList(), found.versions());
        assertEquals(List.of(), found.problems());
        assertTrue(content.length > 2_000_000);
    }

    @Test
    void aWholeLineBeginsAsTheHalfOne() throws IOException {
        try (var reader = ChangelogReader.of(new ByteArrayInputStream(bytes("7: 1|A()\n")), NAME)) {
            assertTrue(reader.next());
            assertTrue(reader.beginsWith("7: 1|A(") && reader.beginsWith("7: 1|A()") && reader.beginsWith(""));
            assertFalse(
                    reader.beginsWith("7: 1|B") || reader.beginsWith("7: 1|A()x") || reader.beginsWith("7: 1|A()\n"));
        }
    }

    @Test
    void textsAreComparedWithoutTheVersion() throws IOException {
        try (var one = ChangelogReader.of(new ByteArrayInputStream(bytes("7: 1|A()\n8: 1|B()\n")), NAME);
                var other = ChangelogReader.of(new ByteArrayInputStream(bytes("107: 1|A()\n108: 1|C()\n")), NAME)) {
            assertTrue(one.next() && other.next());
            assertTrue(one.hasSameTextAs(other));
            assertTrue(one.next() && other.next());
            assertFalse(one.hasSameTextAs(other));
        }
    }

    @Test
    void anEmptyFileHasNothing() throws IOException {
        assertEquals(new Found(List.of(), List.of(), Optional.empty()), found(""));
    }

    @Test
    void halfALineAtTheEndIsToldAndNoError() throws IOException {
        var found = found("7: 1|A()\n8: 17000");

        assertEquals(List.of(7L), found.versions());
        assertEquals(List.of(), found.problems());
        assertEquals(Optional.of(new ChangelogReader.HalfLine(9, "8: 17000")), found.left());
    }

    @Test
    void nulsAfterTheHalfLineBelongToTheCrash() throws IOException {
        assertEquals(
                Optional.of(new ChangelogReader.HalfLine(9, "8: 17")),
                found("7: 1|A()\n8: 17" + "\0".repeat(300_000)).left());
        assertEquals(
                Optional.of(new ChangelogReader.HalfLine(9, "")),
                found("7: 1|A()\n\0\0\0").left());
    }

    @Test
    void nulsInTheMiddleAreDamageAndReadingGoesOnAfterIt() throws IOException {
        var found = found("7: 1|A()\n8: 17" + "\0".repeat(600_000) + "|X()\n10: 1|C()\n");

        assertEquals(List.of(7L, 10L), found.versions());
        assertEquals(14, found.onlyProblem().offset());
        assertTrue(found.onlyProblem().problem().startsWith("NUL bytes"), found::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4",
                "4:",
                "4: ",
                "4:1|IDLE()",
                "4: IDLE()",
                "4: 179537",
                "4: 17953744740|IDLE()",
                "x: 1|IDLE()",
                "-4: 1|IDLE()",
                " 4: 1|IDLE()",
                "4: 1|ID\rLE()",
                "4: 1|IDLE()\r",
                "9223372036854775808: 1|IDLE()",
                "99999999999999999999: 1|IDLE()",
                "MFSM 2.0"
            })
    void whatIsNoChangeIsToldWithItsPlaceAndSkipped(String line) throws IOException {
        var found = found("3: 1|A()\n" + line + "\n5: 1|B()\n");

        assertEquals(List.of(3L, 5L), found.versions());
        assertEquals(NAME, found.onlyProblem().file());
        assertTrue(found.onlyProblem().offset() >= 9, found::toString);
        assertTrue(found.onlyProblem().offset() <= 9 + line.length(), found::toString);
    }

    @Test
    void aForeignFileIsToldAtItsFirstByte() throws IOException {
        var found = found("hello\n");

        assertEquals(
                NAME
                        + ", byte 0: a line does not begin with a decimal version: \"hello\". The changes here must come from"
                        + " another file: look for an older copy",
                found.onlyProblem().getMessage());
    }

    @Test
    void aLineOfTheLongestLengthIsReadAndALongerOneSkipped() throws IOException {
        String beginning = "8: 1|";
        String longest = beginning + "x".repeat(ChangelogReader.LONGEST_LINE - beginning.length());

        assertEquals(List.of(8L, 9L), found(longest + "\n9: 1|A()\n").versions());
        var tooLong = found("7: 1|A()\n" + longest + "x".repeat(READ_AHEAD) + "\n9: 1|A()\n");
        assertEquals(List.of(7L, 9L), tooLong.versions());
        assertEquals(9, tooLong.onlyProblem().offset());
    }

    @Test
    void anEndlessLineIsGivenUp() throws IOException {
        var endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                Arrays.fill(bytes, from, from + length, (byte) 'x');
                given += length;
                return length;
            }
        };

        var found = found(ChangelogReader.of(endless, NAME));

        assertTrue(found.onlyProblem().problem().contains("the rest is not read"), found::toString);
        assertTrue(endless.given < 3L << 30, () -> endless.given + " bytes read");
    }

    @Test
    void aHoleLargerThanAnyDiskIsGivenUp(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve(NAME), bytes("7: 1|A()\n8: 1|"));
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }

        var found = found(ChangelogReader.open(file));

        assertEquals(List.of(7L), found.versions());
        assertEquals(14, found.onlyProblem().offset());
    }

    @Test
    void aDiskThatCannotBeReadAnyFurtherIsToldWithThePlace() throws IOException {
        byte[] content = bytes(lines(1, 100));
        var found = found(ChangelogReader.of(new BadSector(new ByteArrayInputStream(content), 3000), NAME));

        assertTrue(found.onlyProblem().problem().contains("Input/output error"), found::toString);
        assertEquals(3000, found.onlyProblem().offset());
        assertTrue(found.changes().size() > 40, found::toString);
    }

    @Test
    void whatIsNoReadableFileIsNamed(@TempDir Path directory) {
        var missing = assertThrows(BadChangelog.class, () -> ChangelogReader.open(directory.resolve("none")));
        var noFile = assertThrows(BadChangelog.class, () -> ChangelogReader.open(directory));
        var device = assertThrows(BadChangelog.class, () -> ChangelogReader.open(Path.of("/dev/zero")));

        assertTrue(missing.problem().contains("there is no such file"), missing.toString());
        assertTrue(noFile.problem().contains("not a regular file"), noFile.toString());
        assertTrue(device.problem().contains("not a regular file"), device.toString());
    }

    @ParameterizedTest
    @EnumSource
    void compressedFilesAreKnownByTheirContent(Compression compression) throws IOException {
        byte[] content = bytes(lines(1, 20_000));

        assertEquals(found(content), found(Compressed.with(compression, content)));
    }

    @ParameterizedTest
    @EnumSource
    void compressedPartsOneAfterTheOtherAreReadToTheEnd(Compression compression) throws IOException {
        byte[] first = Compressed.with(compression, bytes(lines(1, 3000)));
        byte[] second = Compressed.with(compression, bytes(lines(3000, 5000)));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertEquals(LongStream.range(1, 5000).boxed().toList(), found(both).versions());
    }

    @ParameterizedTest
    @EnumSource
    void aCompressedFileCutAnywhereGivesItsBeginningAndAnError(Compression compression) throws IOException {
        byte[] content = bytes(lines(1, 2000));
        byte[] whole = Compressed.with(compression, content);

        for (int length = 8; length < whole.length; length += 397) {
            var found = found(Arrays.copyOf(whole, length));
            assertTrue(
                    found.onlyProblem().problem().contains("the " + compression + " data is truncated"),
                    found::toString);
            assertTrue(found.onlyProblem().offset() <= content.length);
            assertEquals(
                    LongStream.rangeClosed(1, found.changes().size()).boxed().toList(), found.versions());
        }
    }
}
