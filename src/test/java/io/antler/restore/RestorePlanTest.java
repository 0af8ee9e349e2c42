package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.collector.Piece;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes are made one in a second: change n at second 1,000,000 + n. */
class RestorePlanTest {
    private static final RestoreProgress QUIET = new RestoreProgress() {
        @Override
        public void reading(long version) {}

        @Override
        public void replaying(long version, long first, long until) {}
    };

    private final Path directory;

    RestorePlanTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private void image(String name, long version) throws IOException {
        Files.write(directory.resolve(name), TestImage.of(version, new MetadataId(77), 50));
    }

    private static String lines(long first, long until) {
        return LongStream.range(first, until)
                .mapToObj(version -> version + ": " + (1_000_000 + version) + "|IDLE()\n")
                .collect(Collectors.joining());
    }

    private void changes(String name, long first, long until) throws IOException {
        Files.writeString(directory.resolve(name), lines(first, until));
    }

    private RestorePlan plan(String point) throws IOException {
        Sources sources = Sources.scan(List.of(new Place.Directory("all", directory)));
        return RestorePlan.of(sources, point.isEmpty() ? new Point.Newest() : Point.parse(point, ZoneOffset.UTC));
    }

    private Restored look(String point) throws IOException {
        return OfflineRestore.look(plan(point), QUIET);
    }

    @Test
    void theNewestStateIsOfTheNewestImageAndAllThatFollowsWithoutAHole() throws IOException {
        image("metadata.mfs.back.1", 100);
        image("metadata.mfs.back", 150);
        changes("changelog.0.mfs", 90, 200);

        Restored restored = look("");

        assertEquals(150, restored.plan().image().version());
        assertEquals(200, restored.reached());
        assertTrue(restored.complete());
    }

    @Test
    void aVersionIsReachedFromTheNewestImageThatIsNotBeyondIt() throws IOException {
        image("metadata.mfs.back.1", 100);
        image("metadata.mfs.back", 150);
        changes("changelog.0.mfs", 90, 200);

        assertEquals(100, plan("149").image().version());
        assertEquals(150, plan("150").image().version());
        assertEquals(149, look("149").reached());
        assertTrue(look("149").complete());
        assertEquals(200, look("250").reached());
        assertFalse(look("250").complete());
        assertTrue(assertThrows(NoWay.class, () -> plan("99")).toString().contains("of version 100, and version 99"));
    }

    @Test
    void aTimeIsBeforeTheFirstChangeThatIsLater() throws IOException {
        image("metadata.mfs.back.1", 100);
        image("metadata.mfs.back", 150);
        changes("changelog.0.mfs", 90, 200);

        RestorePlan plan = plan("@1000120");

        assertEquals(OptionalLong.of(121), plan.end());
        assertEquals(Optional.of(Instant.ofEpochSecond(1_000_121)), plan.nextChange());
        assertEquals(100, plan.image().version());
        assertEquals(121, look("@1000120").reached());
        assertEquals(OptionalLong.empty(), plan("@2000000").end());
        assertTrue(
                assertThrows(NoWay.class, () -> plan("@1000089")).toString().contains("The oldest change, 90, is of"));
    }

    @Test
    void anImageThatMayHoldLaterChangesIsNotUsedForATimeInAHole() throws IOException {
        image("metadata.mfs.back.1", 100);
        image("metadata.mfs.back", 150);
        changes("changelog.1.mfs", 90, 120);
        changes("changelog.0.mfs", 160, 200);

        Restored restored = look("@1000140");

        assertEquals(100, restored.plan().image().version());
        assertEquals(120, restored.reached());
        assertFalse(restored.complete());
        assertEquals(1, restored.beyond().size());
    }

    @Test
    void withoutAnImageNothingCanBeRestored() throws IOException {
        changes("changelog.0.mfs", 90, 200);

        assertTrue(assertThrows(NoWay.class, () -> plan("")).toString().contains("no usable image"));
    }

    @Test
    void filesAreGivenAsTheyAreWhileTheyFitByTheirEnds() throws IOException {
        changes("changelog.2.mfs", 90, 120);
        changes("changelog.1.mfs", 100, 150);
        changes("changelog_ml.0.mfs", 110, 130);
        changes("changelog.0.mfs", 150, 180);
        Files.write(
                directory.resolve("changelog_ml.1.mfs"),
                Compressed.with(Compression.GZIP, lines(180, 200).getBytes(StandardCharsets.US_ASCII)));
        Files.writeString(directory.resolve("changelog_ml.2.mfs"), lines(170, 190) + "190: 1");
        List<Piece> pieces =
                Sources.scan(List.of(new Place.Directory("all", directory))).changelogs();

        assertEquals(
                new LinkedFiles(
                        List.of(directory.resolve("changelog.1.mfs"), directory.resolve("changelog.0.mfs")), 180),
                LinkedFiles.from(105, pieces));
        assertEquals(new LinkedFiles(List.of(), 80), LinkedFiles.from(80, pieces));
    }
}
