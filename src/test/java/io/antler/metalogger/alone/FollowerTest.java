package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.keeping.Progress;
import io.antler.moosefs.Change;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path kept;
    private final ModelMaster master;
    private Follower follower;

    FollowerTest(@TempDir Path directory) throws IOException {
        kept = directory.resolve("kept");
        master = new ModelMaster(ID, 100);
        follower = newFollower();
    }

    private Follower newFollower() {
        return new Follower(
                new Master(
                        "127.0.0.1",
                        master.changesPort().getPort(),
                        master.clientPort().getPort()),
                SETTINGS,
                Duration.ZERO,
                () -> Archive.open(kept, 1 << 20, clock),
                Elsewhere.NOWHERE,
                alarms,
                clock);
    }

    @BeforeEach
    void start() {
        follower.start();
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

    /** What is stored is what the master has, as far as that has it in memory. */
    private void assertStock(long image) throws IOException {
        StockView view = StockView.of(kept);
        assertEquals(image, view.image());
        assertEquals(master.next(), view.next());
    }

    private String text(long version) throws IOException {
        StockView view = StockView.of(kept);
        return view.texts().get((int) (version - view.image()));
    }

    private List<Alarms.Kind> kinds() {
        return alarms.all().stream().map(Alarms.Alarm::kind).toList();
    }

    @Test
    void theImageAndTheChangesSinceAreStored() throws Exception {
        master.change("BEFORE", 50);
        awaitAll();
        master.change("AFTER", 50);
        awaitAll();

        assertStock(100);
        assertEquals(List.of(), kinds());
    }

    @Test
    void itResumesFromTheMastersMemory() throws Exception {
        awaitAll();
        master.change("A", 20_000);
        awaitAll();
        follower.stop();
        master.change("B", 30_000);
        master.noImage();

        follower = newFollower();
        follower.start();
        awaitAll();

        assertStock(100);
        assertTrue(text(25_000).contains("|B("));
        assertEquals(List.of(), kinds());
    }

    @Test
    void aMasterThatWasStoppedAndStartedIsComparedByItsFiles() throws Exception {
        master.change("A", 500);
        awaitAll();

        master.restart(600);
        master.change("B", 500);
        awaitAll();

        assertStock(100);
        assertTrue(text(600).contains("|B("));
        Await.until("no alarm", () -> kinds().isEmpty());
    }

    @Test
    void changesThatTheMasterLostAndMadeAnewAreABranch() throws Exception {
        master.change("A", 500);
        awaitAll();

        master.restart(590);
        master.change("B", 500);
        awaitAll();

        assertStock(100);
        assertTrue(text(589).contains("|A("));
        assertTrue(text(590).contains("|B("));
        assertEquals(List.of(Alarms.Kind.BRANCH), kinds());
        String aside = Files.readString(onlyBranch().resolve("changelog_ml.0.mfs"), StandardCharsets.ISO_8859_1);
        assertTrue(aside.contains("\n599: 1795374474|A("));
    }

    private Path onlyBranch() throws IOException {
        try (Stream<Path> files = Files.list(kept)) {
            return files.filter(file -> file.getFileName().toString().startsWith("branch-"))
                    .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
        }
    }

    @Test
    void changesThatTheMasterLostAreABranchEvenIfItMakesNoNewOnes() throws Exception {
        master.change("A", 500);
        awaitAll();

        master.restart(590);
        Await.until("the branch", () -> alarms.has(Alarms.Kind.BRANCH));
        awaitAll();

        assertStock(100);
        assertEquals(590, master.next());
    }

    @Test
    void missedChangesThatNobodyHasAreAHoleWithAnImageBehindIt() throws Exception {
        master.change("A", 500);
        awaitAll();
        follower.stop();
        master.change("LOST", 500);
        master.save();
        master.change("LOST", 100);
        master.save();
        master.restart(master.next());
        master.save();

        follower = newFollower();
        follower.start();
        master.change("C", 10);
        awaitAll();

        assertStock(1200);
        assertEquals(List.of(Alarms.Kind.HOLE), kinds());
        assertTrue(Files.readString(kept.resolve("changelog_ml.1.mfs")).startsWith("100: "));
    }

    @Test
    void aMasterStartedFromMetadataOlderThanEveryImageIsFollowedAndTheOldFilesAreKept() throws Exception {
        master.change("A", 500);
        awaitAll();

        master.restartFromImage(50);
        master.change("C", 10);
        Await.until("the branch", () -> alarms.has(Alarms.Kind.BRANCH));
        awaitAll();

        assertStock(50);
        assertTrue(Files.exists(onlyBranch().resolve("changelog_ml.0.mfs")));
        assertTrue(Files.exists(onlyBranch().resolve("metadata_ml.mfs.back.1")));
    }

    @Test
    void anotherFileSystemIsRefused() throws Exception {
        master.change("A", 500);
        awaitAll();

        master.become(MetadataId.parse("00112233445566FF"));
        master.hangUp();
        Await.until("the alarm", () -> alarms.has(Alarms.Kind.FOREIGN));
        master.change("FOREIGN", 10);
        StockView view = StockView.of(kept);
        assertEquals(600, view.next());

        master.become(ID);
        awaitAll();
        assertFalse(alarms.has(Alarms.Kind.FOREIGN));
    }

    @Test
    void aMasterWithoutAnImageIsWaitedFor() throws Exception {
        follower.stop();
        master.noImage();
        Path empty = kept.resolveSibling("empty");
        follower = new Follower(
                new Master(
                        "127.0.0.1",
                        master.changesPort().getPort(),
                        master.clientPort().getPort()),
                SETTINGS,
                Duration.ZERO,
                () -> Archive.open(empty, 1 << 20, clock),
                Elsewhere.NOWHERE,
                alarms,
                clock);
        follower.start();
        Await.until("the alarm", () -> alarms.has(Alarms.Kind.NOT_FOLLOWING));

        master.save();
        awaitAll();

        assertEquals(List.of(), kinds());
    }

    @Test
    void anImageThatIsDamagedOnTheWayIsNeverStored() throws Exception {
        follower.stop();
        master.saveTo(Arrays.copyOf(TestImage.of(100, ID, 1000), 900));
        Path empty = kept.resolveSibling("empty");
        follower = new Follower(
                new Master(
                        "127.0.0.1",
                        master.changesPort().getPort(),
                        master.clientPort().getPort()),
                SETTINGS,
                Duration.ZERO,
                () -> Archive.open(empty, 1 << 20, clock),
                Elsewhere.NOWHERE,
                alarms,
                clock);
        follower.start();
        Await.until("the alarm", () -> alarms.has(Alarms.Kind.NOT_FOLLOWING));
        assertThrows(AssertionError.class, () -> StockView.of(empty));

        master.saveTo(TestImage.of(100, ID, 1000));
        awaitAll();

        assertEquals(100, StockView.of(empty).image());
    }

    @Test
    void aBarrierIsPassedWhenEverythingIsStored() throws Exception {
        awaitAll();
        for (int i = 0; i < 50; i++) {
            master.change("A", 100);
            long next = master.next();
            assertTrue(follower.barrier().get().archive().next() >= next);
        }
        assertEquals(new Change(150, text(150)), master.changeOf(150));
    }
}
