package io.antler.metalogger.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.NotResumable;
import io.antler.moosefs.Change;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetadataId OTHER = MetadataId.parse("00112233445566FF");

    private final Path directory;
    private Instant now = Instant.parse("2026-11-28T07:10:00Z");
    private final InstantSource clock = () -> now;
    private Archive archive;

    ArchiveTest(@TempDir Path directory) throws IOException {
        this.directory = directory.resolve("kept");
        this.archive = open();
    }

    private Archive open() throws IOException {
        return Archive.open(directory, 1 << 20, clock);
    }

    private void reopen() throws IOException {
        archive.close();
        archive = open();
    }

    @AfterEach
    void close() throws IOException {
        archive.close();
    }

    private static List<Change> changes(String branch, long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(version -> new Change(version, "1795373735|" + branch + "(" + version + ")"))
                .toList();
    }

    private static List<Change> changes(long from, long to) {
        return changes("MAIN", from, to);
    }

    private static List<String> texts(List<Change> changes) {
        return changes.stream().map(Change::text).toList();
    }

    private void image(long version) throws IOException {
        Files.write(archive.incoming("image"), TestImage.of(version, ID, 100));
        Files.setLastModifiedTime(archive.incoming("image"), FileTime.from(now));
        archive.install(archive.incoming("image"), ID);
    }

    private void assertStock(long image, long next) throws IOException {
        StockView view = StockView.of(directory);
        assertEquals(image, view.image());
        assertEquals(texts(changes(image, next)), view.texts());
    }

    @Test
    void aMasterFindsImageAndChanges() throws IOException {
        image(100);
        assertEquals(110, archive.append(changes(100, 110)));
        assertEquals(120, archive.append(changes(105, 120)));

        assertStock(100, 120);
        reopen();
        assertEquals(120, archive.next());
        assertEquals(100, archive.comparableFrom());
        assertEquals(ID, archive.id().orElseThrow());
    }

    @Test
    void aHoleIsRefusedAndNothingStored() throws IOException {
        image(100);
        archive.append(changes(100, 110));

        assertThrows(NotResumable.class, () -> archive.append(changes(111, 115)));

        assertStock(100, 110);
    }

    @Test
    void anotherTextIsAConflictWithItsVersion() throws IOException {
        image(100);
        archive.append(changes(100, 110));

        var conflict = assertThrows(HistoryConflict.class, () -> archive.append(changes("OTHER", 105, 115)));

        assertEquals(105, conflict.version());
        assertStock(100, 110);
    }

    @Test
    void eachHourHasAFileOfItsOwn() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        now = now.plus(Duration.ofHours(1));
        archive.append(changes(110, 120));
        now = now.plus(Duration.ofHours(1));
        archive.append(changes(120, 130));

        assertTrue(Files.readString(directory.resolve("changelog_ml.2.mfs")).startsWith("100: "));
        assertTrue(Files.readString(directory.resolve("changelog_ml.1.mfs")).startsWith("110: "));
        assertTrue(Files.readString(directory.resolve("changelog_ml.0.mfs")).startsWith("120: "));
        assertStock(100, 130);
        reopen();
        assertEquals(130, archive.next());
    }

    @Test
    void aWriteThatWasCutShortAnywhereLosesNothingThatWasStored() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        archive.close();
        Path first = directory.resolve("changelog_ml.0.mfs");
        Path second = directory.resolve("changelog_ml_back.0.mfs");
        byte[] before = Files.readAllBytes(first);
        byte[] after = join(before, lines(changes(110, 113)));
        for (int length = before.length; length <= after.length; length++) {
            byte[] torn = Arrays.copyOf(after, length);
            for (boolean secondIsTorn : new boolean[] {false, true}) {
                Files.write(first, secondIsTorn ? after : torn);
                Files.write(second, secondIsTorn ? torn : before);

                StockView view = StockView.of(directory);
                assertTrue(view.next() >= 110, "cut at byte " + length);
                archive = open();
                assertTrue(archive.next() >= view.next());
                assertEquals(-1, Files.mismatch(first, second));
                archive.append(changes(archive.next(), 120));
                assertStock(100, 120);
                archive.close();
            }
        }
    }

    @Test
    void whatAPowerFailureLeavesBehindTheLastLineIsCutOff() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        archive.close();
        Path first = directory.resolve("changelog_ml.0.mfs");
        Files.write(first, join(Files.readAllBytes(first), new byte[5000]));

        archive = open();

        assertEquals(110, archive.next());
        assertStock(100, 110);
    }

    @Test
    void aFileThatTheDiskHasDamagedIsPutAsideForItsTwin() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        archive.close();
        Path first = directory.resolve("changelog_ml.0.mfs");
        byte[] bytes = Files.readAllBytes(first);
        bytes[60] = 1;
        Files.write(first, bytes);

        archive = open();

        assertTrue(Files.exists(directory.resolve("changelog_ml.0.mfs.damaged")));
        assertStock(100, 110);
    }

    @Test
    void twinsThatContradictEachOtherAreNotGuessedAbout() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        archive.close();
        Path first = directory.resolve("changelog_ml.0.mfs");
        Files.writeString(first, Files.readString(first).replace("MAIN(105)", "MAIN(106)"));

        var refused = assertThrows(IOException.class, this::open);

        assertTrue(String.valueOf(refused.getMessage()).contains("differ at byte"), refused::getMessage);
    }

    @Test
    void aRotationThatWasCutShortIsFinished() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        archive.close();
        Files.move(directory.resolve("changelog_ml.0.mfs"), directory.resolve("changelog_ml.1.mfs"));
        assertStock(100, 110);

        archive = open();

        assertEquals(110, archive.next());
        assertFalse(Files.exists(directory.resolve("changelog_ml_back.0.mfs")));
        archive.append(changes(110, 115));
        assertStock(100, 115);
    }

    @Test
    void newImagesPushTheOlderOnesBack() throws IOException {
        image(100);
        archive.append(changes(100, 150));
        image(120);
        image(120);
        image(140);

        assertEquals(
                List.of(140L, 120L, 100L),
                archive.images().stream().map(StoredImage::version).toList());
        assertStock(140, 150);
        reopen();
        assertEquals(
                List.of(140L, 120L, 100L),
                archive.images().stream().map(StoredImage::version).toList());
        assertEquals(150, archive.next());
    }

    @Test
    void anImageAheadBeginsAnewWithAFileOfItsOwn() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        image(200);
        assertEquals(200, archive.next());
        assertEquals(200, archive.comparableFrom());
        assertStock(200, 200);

        archive.append(changes(200, 210));

        assertStock(200, 210);
        assertTrue(Files.readString(directory.resolve("changelog_ml.1.mfs")).startsWith("100: "));
    }

    @Test
    void anotherHistoryIsCutWhereItBegins() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        now = now.plus(Duration.ofHours(1));
        archive.append(changes(110, 120));
        image(112);
        archive.append(changes(120, 130));

        Path branch = archive.branchOff(new HistoryConflict(115, "test"));

        assertEquals(115, archive.next());
        assertStock(112, 115);
        assertTrue(Files.readString(branch.resolve("changelog_ml.0.mfs")).contains("\n129: "));
        archive.append(changes("OTHER", 115, 125));
        reopen();
        assertEquals(125, archive.next());
        assertEquals(125, StockView.of(directory).next());
        assertTrue(branch.getFileName().toString().startsWith("branch-115-20261128T08"), branch.toString());
    }

    @Test
    void aMasterBehindTheNewestImageIsComparedFromTheOneBefore() throws IOException {
        image(100);
        archive.append(changes(100, 120));
        image(118);

        Path branch = archive.branchOff(new HistoryConflict(115, "test"));

        assertStock(100, 100);
        assertTrue(Files.exists(branch.resolve("metadata_ml.mfs.back")));
        assertTrue(Files.exists(branch.resolve("changelog_ml.0.mfs")));
    }

    @Test
    void anotherHistoryMayBeginSeveralFilesBack() throws IOException {
        image(100);
        for (long version = 100; version < 140; version += 10) {
            archive.append(changes(version, version + 10));
            now = now.plus(Duration.ofHours(1));
        }

        Path branch = archive.branchOff(new HistoryConflict(115, "test"));

        assertStock(100, 115);
        for (String name : List.of("changelog_ml.0.mfs", "changelog_ml.1.mfs", "changelog_ml.2.mfs")) {
            assertTrue(Files.exists(branch.resolve(name)), name);
        }
        archive.append(changes(115, 120));
        assertStock(100, 120);
    }

    @Test
    void whenNothingCommonCouldBeComparedTheImageIsTheCommonPart() throws IOException {
        image(100);
        archive.append(changes(100, 110));

        archive.branchOff(new HistoryConflict(100, "test"));

        assertEquals(100, archive.next());
        assertStock(100, 100);
    }

    @Test
    void aMasterBehindEveryImageIsANewBeginning() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        var conflict = new HistoryConflict(50, "test");
        assertFalse(archive.hasImageBefore(conflict));
        Files.write(archive.incoming("image"), TestImage.of(40, ID, 100));

        Path branch = archive.startOver(archive.incoming("image"), ID);

        assertEquals(40, archive.next());
        assertStock(40, 40);
        archive.append(changes("OTHER", 40, 45));
        assertEquals(45, StockView.of(directory).next());
        assertEquals(2, directoryCount(branch));
    }

    private static long directoryCount(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void anImageOfAnotherFileSystemIsRefused() throws IOException {
        image(100);
        Files.write(archive.incoming("image"), TestImage.of(200, OTHER, 100));

        var refused = assertThrows(ArchiveUnusable.class, () -> archive.install(archive.incoming("image"), OTHER));

        assertTrue(String.valueOf(refused.getMessage()).contains("never mix them"), refused::getMessage);
        assertStock(100, 100);
    }

    @Test
    void aDirectoryOfAnotherProgramIsRefusedAndNotTouched() throws IOException {
        Path other = Files.createDirectories(directory.resolveSibling("other"));
        Files.writeString(other.resolve("changelog_ml.0.mfs"), "7: 1|IDLE()\n");

        var refused = assertThrows(ArchiveUnusable.class, () -> Archive.open(other, 1 << 20, clock));

        assertTrue(String.valueOf(refused.getMessage()).contains("changelog_ml.0.mfs"), refused::getMessage);
        assertEquals(1, directoryCount(other));
        Files.writeString(directory.resolve("changelog.0.mfs"), "");
        assertThrows(ArchiveUnusable.class, this::open);
    }

    @Test
    void aDamagedImageIsPutAside() throws IOException {
        image(100);
        archive.append(changes(100, 110));
        image(105);
        archive.close();
        Path newest = directory.resolve("metadata_ml.mfs.back");
        Files.write(newest, Arrays.copyOf(Files.readAllBytes(newest), 50));

        archive = open();

        assertTrue(Files.exists(directory.resolve("damaged-metadata_ml.mfs.back")));
        assertEquals(110, archive.next());
        assertStock(100, 110);
    }

    private void fiveHours() throws IOException {
        image(100);
        for (long version = 100; version < 150; version += 10) {
            archive.append(changes(version, version + 10));
            now = now.plus(Duration.ofHours(1));
            image(version + 10);
        }
    }

    private static RetentionRule.Limits hourly(int hours) {
        return new RetentionRule.Limits(hours, 0, 0, 1000, Duration.ofDays(1000), Long.MAX_VALUE);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("metadata") || name.startsWith("changelog"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void changesOlderThanTheOldestImageGoAndNoOthers() throws IOException {
        fiveHours();

        archive.retain(hourly(2));

        assertEquals(
                List.of(
                        "changelog_ml.0.mfs",
                        "changelog_ml_back.0.mfs",
                        "metadata_ml.mfs.back",
                        "metadata_ml.mfs.back.1"),
                names());
        assertStock(150, 150);
        archive.append(changes(150, 155));
        image(152);
        assertStock(152, 155);
    }

    @Test
    void numbersThatRetentionFreesAreFilledAgain() throws IOException {
        fiveHours();
        Files.setLastModifiedTime(directory.resolve("metadata_ml.mfs.back.2"), FileTime.from(now));
        reopen();
        archive.retain(hourly(3)); // 150 and 130 are of one hour now
        assertFalse(names().contains("metadata_ml.mfs.back.2"));
        archive.append(changes(150, 155));
        image(152);

        assertEquals(List.of(152L, 150L, 140L, 120L), versions());
        assertTrue(names().contains("metadata_ml.mfs.back.2"));
        assertStock(152, 155);
    }

    private List<Long> versions() {
        return archive.images().stream().map(StoredImage::version).toList();
    }

    @Test
    void whatAMasterDoesNotNeedIsCompressedAndStillKnown() throws IOException {
        fiveHours();

        archive.compress(2);

        assertEquals(
                List.of(
                        "changelog_ml.0.mfs",
                        "changelog_ml.1.mfs.gz",
                        "changelog_ml.2.mfs.gz",
                        "changelog_ml.3.mfs.gz",
                        "changelog_ml.4.mfs.gz",
                        "changelog_ml_back.0.mfs",
                        "metadata_ml.mfs.back",
                        "metadata_ml.mfs.back.1",
                        "metadata_ml.mfs.back.2.gz",
                        "metadata_ml.mfs.back.3.gz",
                        "metadata_ml.mfs.back.4.gz",
                        "metadata_ml.mfs.back.5.gz"),
                names());
        List<Long> all = List.of(150L, 140L, 130L, 120L, 110L, 100L);
        assertEquals(all, versions());
        assertStock(150, 150);
        reopen();
        assertEquals(all, versions());
        archive.append(changes(150, 160));
        image(160);
        assertStock(160, 160);
        archive.retain(hourly(2));
        assertEquals(List.of(160L, 140L), versions()); // 150 is of the same hour as 160
    }

    @Test
    void aCompressionThatWasCutShortIsUndone() throws IOException {
        fiveHours();
        archive.close();
        Files.writeString(directory.resolve("metadata_ml.mfs.back.3.gz"), "half");
        Files.writeString(directory.resolve("changelog_ml.3.mfs.gz"), "half");

        archive = open();

        assertFalse(names().toString().contains("gz"), names()::toString);
        assertStock(150, 150);
    }

    private static byte[] lines(List<Change> changes) {
        var text = new StringBuilder();
        changes.forEach(change -> text.append(change.line()).append('\n'));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
