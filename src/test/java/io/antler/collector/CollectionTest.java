package io.antler.collector;

import static io.antler.collector.Told.line;
import static io.antler.collector.Told.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private final Path directory;
    private final Path target;

    CollectionTest(@TempDir Path directory) {
        this.directory = directory;
        this.target = directory.resolve("collected");
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void write(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void image(String name, long version) throws IOException {
        write(name, TestImage.of(version, ID, 100));
    }

    private Sources scan(String... names) throws IOException {
        return Sources.scan(Stream.of(names)
                .<Place>map(name -> new Place.Directory(name, directory.resolve(name)))
                .toList());
    }

    private Collection collect(String... names) throws IOException {
        return Collection.write(scan(names), target);
    }

    /** Path below the target to content. */
    private Map<String, String> written() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> tree = Files.walk(target)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                files.put(target.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    @Test
    void theNewestImageAndAllChangesInTheLayoutOfAMaster() throws IOException {
        image("ml/metadata_ml.mfs.back", 150);
        image("ml/metadata_ml.mfs.back.1", 120);
        write("ml/changelog_ml.1.mfs", lines(100, 140));
        write("ml/changelog_ml.0.mfs", lines(140, 180));
        write("old/changelog.0.mfs", lines(170, 200) + line(200).substring(0, 10));

        Collection collection = collect("ml", "old");

        assertEquals(200, collection.reached());
        assertEquals(1, collection.beyond().size());
        var expected = new TreeMap<String, String>();
        expected.put("changelog.0.mfs", lines(100, 200));
        expected.put("metadata.mfs.back", new String(TestImage.of(150, ID, 100), StandardCharsets.ISO_8859_1));
        assertEquals(expected, written());
        assertFalse(Files.exists(directory.resolve("collected.partial")));
    }

    @Test
    void whatComesAfterAHoleIsKeptWhereAMasterDoesNotLook() throws IOException {
        image("ml/metadata_ml.mfs.back", 150);
        write("ml/changelog_ml.1.mfs", lines(100, 160));
        write("ml/changelog_ml.0.mfs", lines(170, 200));

        Collection collection = collect("ml");

        assertEquals(160, collection.reached());
        assertEquals(lines(100, 160), written().get("changelog.0.mfs"));
        assertEquals(lines(170, 200), written().get("not-reachable/changelog.0.mfs"));
    }

    @Test
    void aHoleBeforeTheImageDoesNoHarm() throws IOException {
        image("ml/metadata_ml.mfs.back", 150);
        write("ml/changelog_ml.1.mfs", lines(100, 110));
        write("ml/changelog_ml.0.mfs", lines(150, 200));

        Collection collection = collect("ml");

        assertEquals(200, collection.reached());
        assertEquals(lines(100, 110), written().get("changelog.1.mfs"));
        assertEquals(lines(150, 200), written().get("changelog.0.mfs"));
        assertEquals(List.of(), collection.beyond());
    }

    @Test
    void compressedFilesOfAnyNameAreUsedAndOthersCounted() throws IOException {
        write("backup/metadata.mfs.back.1.xz", Compressed.with(Compression.XZ, TestImage.of(150, ID, 5000)));
        write("backup/changelog.3.mfs.gz", Compressed.with(Compression.GZIP, bytes(lines(100, 140))));
        write("backup/changelog.2.mfs-20261128", Compressed.with(Compression.BZIP2, bytes(lines(140, 160))));
        write("backup/changelog.1.mfs", Compressed.with(Compression.ZSTD, bytes(lines(160, 180))));
        write("backup/stats.mfs", "figures");
        write("backup/metadata.crc", "sums");
        write("backup/changelog.mfs", lines(1, 5));
        Files.createDirectories(directory.resolve("backup/lost+found"));

        Sources sources = scan("backup");
        Collection collection = Collection.write(sources, target);

        assertEquals(180, collection.reached());
        assertEquals(lines(100, 180), written().get("changelog.0.mfs"));
        assertEquals(
                List.of("changelog.mfs", "metadata.crc", "stats.mfs"),
                sources.all().getFirst().ignored());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void checkpointsOfANodeAreImages() throws IOException {
        image("node/checkpoints/150.mfs", 150);
        write("node/checkpoints/150.mfs.sha256", "sum");
        write("node/node.lock", "");

        assertEquals(150, Collection.look(scan("node")).reached());
    }

    @Test
    void imagesOfTwoFileSystemsAreRefusedAndBothNamed() throws IOException {
        image("a/metadata.mfs", 150);
        write("b/metadata.mfs.back", TestImage.of(170, MetadataId.parse("00000000000000FF"), 100));

        var refused = assertThrows(TwoFileSystems.class, () -> scan("a", "b"));

        String message = refused.toString();
        assertTrue(message.contains("6B033F33BF7C765B: " + directory.resolve("a/metadata.mfs")), message);
        assertTrue(message.contains("00000000000000FF: " + directory.resolve("b/metadata.mfs.back")), message);
    }

    @Test
    void damagedImagesAreNamedAndAnOlderOneUsed() throws IOException {
        image("a/metadata.mfs.back", 150);
        write("a/metadata.mfs", java.util.Arrays.copyOf(TestImage.of(170, ID, 100), 300));
        write("a/metadata.mfs.emergency", TestImage.of("MFSM 2.1", 190, ID, 100));
        write("a/metadata_ml.tmp", "");

        Sources sources = scan("a");

        assertEquals(150, Collection.look(sources).reached());
        List<String> bad = sources.all().getFirst().badImages();
        assertEquals(3, bad.size(), bad.toString());
        assertTrue(bad.get(0).contains("metadata.mfs is not a usable metadata image: its section NODE"), bad.get(0));
        assertTrue(bad.get(1).contains("newer MooseFS"), bad.get(1));
        assertTrue(bad.get(2).contains("only 0 bytes"), bad.get(2));
    }

    @Test
    void filesOfWhichNothingCanBeUsedMayBeWhatIsMissing() throws IOException {
        image("a/metadata.mfs.back", 150);
        write("a/changelog.0.mfs", lines(150, 160));
        write("a/changelog.1.mfs", "this is no changelog\n");
        write("a/changelog.2.mfs.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
        write("a/changelog.3.mfs", "");
        write("a/changelog.4.mfs", "17: 12");
        Files.createSymbolicLink(directory.resolve("a/changelog.5.mfs"), Path.of("/dev/zero"));
        Files.createSymbolicLink(directory.resolve("a/changelog.6.mfs"), directory.resolve("nowhere"));

        Collection collection = Collection.look(scan("a"));

        assertEquals(160, collection.reached());
        List<String> beyond =
                collection.beyond().stream().map(Finding::toString).toList();
        assertEquals(5, beyond.size(), beyond.toString());
        for (int i : List.of(1, 2, 4, 5, 6)) {
            assertTrue(beyond.stream().anyMatch(text -> text.contains("changelog." + i + ".mfs")), beyond.toString());
        }
    }

    @Test
    void aSparseFileNeedsNoMemoryAndNoDisk() throws IOException {
        image("a/metadata.mfs.back", 150);
        write("a/changelog.0.mfs", lines(150, 160));
        try (var sparse =
                new RandomAccessFile(directory.resolve("a/changelog.0.mfs").toFile(), "rw")) {
            sparse.setLength(100L << 20); // what a crash leaves of a file that grew
        }

        assertEquals(160, collect("a").reached());
        assertEquals(lines(150, 160), written().get("changelog.0.mfs"));
    }

    @Test
    void withoutAnImageTheChangesAreKept() throws IOException {
        write("a/changelog.0.mfs", lines(150, 160));

        assertEquals(160, collect("a").reached());
        assertEquals(List.of("changelog.0.mfs"), written().keySet().stream().toList());
    }

    @Test
    void anExistingTargetIsNotTouched() throws IOException {
        image("a/metadata.mfs", 150);
        write("collected/mine", "mine");

        var refused = assertThrows(TargetUnusable.class, () -> collect("a"));

        assertTrue(refused.toString().contains(target + " exists already"), refused.toString());
        assertEquals(List.of("mine"), written().keySet().stream().toList());
    }

    @Test
    void whatAKilledCollectionLeftIsReplacedAndOneUnderWayRefused() throws IOException {
        image("a/metadata.mfs", 150);
        write("collected.partial/part.0", "left");
        write("collected.partial/not-reachable/part.0", "left");

        try (NewDirectory underWay = NewDirectory.of(target)) {
            assertTrue(Files.exists(underWay.path()));
            assertThrows(TargetUnusable.class, () -> collect("a"));
        }
        collect("a");

        assertEquals(List.of("metadata.mfs.back"), written().keySet().stream().toList());
    }

    @Test
    void whatIsNoDirectoryIsNamed() {
        var missing = assertThrows(SourceUnusable.class, () -> scan("none"));

        assertTrue(missing.toString().contains(directory.resolve("none") + " does not exist"), missing.toString());
    }
}
