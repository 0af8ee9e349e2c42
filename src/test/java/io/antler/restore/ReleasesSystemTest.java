package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.collector.Collection;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.lab.SystemTest;
import io.antler.metalogger.RealMaster;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MasterProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a killed master of each generation left is restored by that generation's program, and collected for it. */
@SystemTest
class ReleasesSystemTest {
    /** Changes that a 4.x master makes by itself when it starts: {@code IDLE()} in its first second. */
    private static final long OWN = 2;

    private final Path directory;

    ReleasesSystemTest(@TempDir Path directory) throws IOException {
        StockMaster.allowEntry(directory);
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource
    void aMasterStartsFromWhatIsRestoredAndFromWhatIsCollected(RealMaster.Release release) throws Exception {
        Path lost = directory.resolve("lost");
        MasterProbe.Answer before = killedMaster(release, Files.createDirectories(lost));
        var sources = Sources.scan(List.of(new Place.Directory("lost", lost.resolve("data"))));
        Path one = Files.createDirectories(directory.resolve("restored"));
        Path two = Files.createDirectories(directory.resolve("collected"));
        Path restored = one.resolve("data");
        Path collected = two.resolve("data");

        Restored result = OfflineRestore.run(
                RestorePlan.of(sources, new Point.Newest()),
                release.program(),
                restored,
                new MetadataOwner("root", "root"),
                new Silent());
        Collection collection = Collection.write(sources, collected);

        assertTrue(result.complete(), result.toString());
        assertTrue(result.reached() >= before.metadataVersion(), result.toString());
        assertEquals(result.reached(), collection.reached());
        ImageHeader header = ImageHeader.read(restored.resolve("metadata.mfs"));
        assertEquals(result.reached(), header.version());
        assertEquals(before.id(), header.id());
        assertStarts(release, one, before, result.reached());
        assertStarts(release, two, before, result.reached());
    }

    private static MasterProbe.Answer killedMaster(RealMaster.Release release, Path place) throws Exception {
        try (RealMaster master = RealMaster.start(release, place)) {
            master.mount();
            master.makeDirectories(2, 100);
            master.restart(); // from now on it has an image and later changes
            master.makeDirectories(2, 100);
            MasterProbe.Answer answer = master.ask();
            RealMaster.await(
                    "the last change in the file", () -> writtenTo(place.resolve("data")) >= answer.metadataVersion());
            master.kill();
            return answer;
        }
    }

    private static long writtenTo(Path data) {
        try {
            String text = Files.readString(data.resolve("changelog.0.mfs"), StandardCharsets.ISO_8859_1);
            List<String> lines = text.lines().toList();
            return lines.isEmpty() || !text.endsWith("\n")
                    ? -1
                    : Long.parseLong(
                                    lines.getLast().substring(0, lines.getLast().indexOf(':')))
                            + 1;
        } catch (IOException notThere) {
            return -1;
        }
    }

    private static void assertStarts(RealMaster.Release release, Path place, MasterProbe.Answer before, long reached)
            throws Exception {
        try (RealMaster master = RealMaster.restore(release, place)) {
            MasterProbe.Answer now = master.ask();
            assertEquals(before.id(), now.id());
            long own = release == RealMaster.Release.V3 ? 0 : OWN;
            assertTrue(
                    now.metadataVersion() >= reached && now.metadataVersion() <= reached + own,
                    () -> now + " instead of " + reached);
        }
    }

    private static final class Silent implements RestoreProgress {
        @Override
        public void reading(long version) {}

        @Override
        public void replaying(long version, long first, long until) {}
    }
}
