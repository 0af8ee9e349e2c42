package io.antler.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.alone.Follower;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.keeping.Progress;
import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A metalogger has the changes up to 599; while it was away the master made those up to 1199, and has neither in memory nor
 * in its files what comes before its image of 1200.
 */
class MissingChangesTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 64, 1024 * 1024);

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path kept;
    private final Path other;
    private final List<Place> places = new ArrayList<>();
    private final ModelMaster master;
    private Follower follower;

    MissingChangesTest(@TempDir Path directory) throws IOException {
        kept = directory.resolve("kept");
        other = Files.createDirectories(directory.resolve("other"));
        places.add(new Place.Directory("other", other));
        master = new ModelMaster(ID, 100);
        follower = follower(Elsewhere.NOWHERE);
    }

    private Follower follower(Elsewhere elsewhere) {
        return new Follower(
                new Master(
                        "127.0.0.1",
                        master.changesPort().getPort(),
                        master.clientPort().getPort()),
                SETTINGS,
                Duration.ofMinutes(5),
                () -> Archive.open(kept, 1 << 20, clock),
                elsewhere,
                alarms,
                clock);
    }

    @BeforeEach
    void missTheChanges() throws Exception {
        follower.start();
        master.change("A", 500);
        awaitAll();
        follower.stop();
        master.change("LOST", 500);
        master.save();
        master.change("LOST", 100);
        master.save();
        master.restart(master.next());
        master.save();
        assertEquals(1200, master.next());
    }

    @AfterEach
    void stop() throws Exception {
        follower.stop();
        master.close();
    }

    private void awaitAll() {
        Await.until(
                "version " + master.next(),
                () -> follower.progress().state() == Progress.State.FOLLOWING
                        && follower.progress().next() == master.next());
    }

    private void followAgain() {
        follower = follower(new MissingChanges(places));
        follower.start();
        master.change("C", 10);
        awaitAll();
    }

    private static String lines(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(version -> version + ": " + text(version) + "\n")
                .collect(Collectors.joining());
    }

    private static String text(long version) {
        String word = version < 600 ? "A" : version < 1200 ? "LOST" : "C";
        return "1795374474|" + word + "(" + version + ",f %2Cx,1,438,18,0,0,0):" + version;
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(other.resolve(name), content, StandardCharsets.ISO_8859_1);
    }

    private void assertHole(long from, String told) throws IOException {
        assertEquals(
                List.of(Alarms.Kind.HOLE),
                alarms.all().stream().map(Alarms.Alarm::kind).toList());
        String message = alarms.all().getFirst().message();
        assertTrue(message.startsWith("version=" + from + " changes from " + from + " to 1199 were missed"), message);
        assertTrue(message.contains(told), message);
        assertEquals(1200, StockView.of(kept).image());
    }

    @Test
    void whatAnotherDirectoryHasClosesTheHole() throws Exception {
        put("changelog_ml.0.mfs", lines(900, 1200));
        Files.write(
                other.resolve("changelog_ml.1.mfs.gz"),
                Compressed.with(Compression.GZIP, lines(1, 900).getBytes(StandardCharsets.ISO_8859_1)));

        followAgain();

        assertEquals(List.of(), alarms.all());
        StockView view = StockView.of(kept);
        assertEquals(100, view.image());
        assertEquals(
                LongStream.range(100, 1210).mapToObj(MissingChangesTest::text).toList(), view.texts());
    }

    @Test
    void whatIsFoundOnlyInPartIsStoredAndTheRestTold() throws Exception {
        put("changelog_ml.1.mfs", lines(580, 800));
        put("changelog_ml.0.mfs", lines(810, 1200));

        followAgain();

        assertHole(800, "changes 800 to 809 are nowhere");
        assertTrue(
                Files.readString(kept.resolve("changelog_ml.1.mfs"), StandardCharsets.ISO_8859_1)
                        .endsWith(lines(790, 800)),
                "the end of what was stored");
    }

    @Test
    void anotherTextForOurLastChangeIsAnotherHistory() throws Exception {
        put("changelog_ml.0.mfs", lines(580, 599) + "599: 1795374474|B(599):599\n" + lines(600, 1200));

        followAgain();

        assertHole(600, "is of another history and not used: version=599 ");
    }

    @Test
    void whatDoesNotHaveOurLastChangeCannotBeCompared() throws Exception {
        put("changelog_ml.0.mfs", lines(600, 1200));

        followAgain();

        assertHole(600, "changes from 600 to 1199 were found elsewhere and not used");
    }

    @Test
    void aContradictionBetweenTwoPlacesEndsWhatIsTaken() throws Exception {
        put("changelog_ml.0.mfs", lines(580, 1200));
        Path third = Files.createDirectories(other.resolveSibling("third"));
        Files.writeString(
                third.resolve("changelog.0.mfs"),
                lines(580, 700) + "700: 1795374474|UNLINK(1,x):9\n" + lines(701, 900));
        places.add(new Place.Directory("third", third));

        followAgain();

        assertHole(700, "change 700 is contradictory");
    }

    @Test
    void aPlaceOfAnotherFileSystemIsNotUsed() throws Exception {
        put("changelog_ml.0.mfs", lines(580, 1200));
        Files.write(
                other.resolve("metadata_ml.mfs.back"), TestImage.of(500, MetadataId.parse("00112233445566FF"), 100));

        followAgain();

        assertHole(600, "other is not used: ");
    }

    @Test
    void placesThatAreNotThereAreTold() throws Exception {
        Files.delete(other);
        places.add(new Place.Node("127.0.0.1", 1, false));

        followAgain();

        assertHole(600, "127.0.0.1:1 gives no changes");
    }
}
