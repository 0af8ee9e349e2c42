package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.RealMaster;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Master;
import io.antler.moosefs.MasterProbe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the stock master and mounts. */
@Tag("system")
class AloneSystemTest {
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);
    private static final long CHANGELOG_BYTES = 64 * 1024 * 1024;

    private static final int KILLS = 5;

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path directory;
    private final Path kept;
    private RealMaster.@Nullable Release release;
    private @Nullable RealMaster started;

    AloneSystemTest(@TempDir Path directory) {
        this.directory = directory;
        this.kept = directory.resolve("kept");
    }

    private void start(RealMaster.Release wanted) throws IOException {
        release = wanted;
        started = RealMaster.start(wanted, directory);
    }

    private RealMaster master() {
        return Objects.requireNonNull(started);
    }

    @AfterEach
    void stop() throws IOException {
        if (started != null) {
            started.close();
        }
    }

    private Follower follow() {
        var follower = new Follower(
                new Master(
                        "127.0.0.1",
                        master().changesPort().getPort(),
                        master().clientPort().getPort()),
                SETTINGS,
                Duration.ofMinutes(1),
                () -> Archive.open(kept, CHANGELOG_BYTES, clock),
                Elsewhere.NOWHERE,
                alarms,
                clock);
        follower.start();
        return follower;
    }

    private void awaitStored(Follower follower) throws IOException {
        long version = master().ask().metadataVersion();
        RealMaster.await("version " + version, () -> follower.progress().next() >= version);
    }

    /**
     * Starts a stock master from a copy of the directory as it stands.
     *
     * @return the version it must have reached, and has
     */
    private long stockMasterStarts() throws IOException {
        Path place = Files.createTempDirectory(directory, "restore");
        Path data = Files.createDirectory(place.resolve("data"));
        try (Stream<Path> files = Files.list(kept)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, data.resolve(file.getFileName()));
            }
        }
        long expected = StockView.of(data).next();
        try (RealMaster restored = RealMaster.restore(Objects.requireNonNull(release), place)) {
            MasterProbe.Answer answer = restored.ask();
            assertEquals(master().ask().id(), answer.id());
            long own =
                    release == RealMaster.Release.V3 ? 0 : 2; // a 4.x makes a change of its own, IDLE(), when it starts
            assertTrue(
                    answer.metadataVersion() >= expected && answer.metadataVersion() <= expected + own,
                    () -> answer + " instead of " + expected);
        }
        return expected;
    }

    @ParameterizedTest
    @EnumSource
    void aStockMasterStartsFromWhatWasFollowed(RealMaster.Release wanted) throws Exception {
        start(wanted);
        master().mount();
        Follower follower = follow();
        master().makeDirectories(4, 200);
        awaitStored(follower);
        long version = follower.progress().next();

        assertTrue(stockMasterStarts() >= version);

        compress("metadata_ml.mfs.back", "metadata_ml.mfs.back.5.gz");
        compress("changelog_ml.0.mfs", "changelog_ml.9.mfs.gz");
        assertTrue(stockMasterStarts() >= version); // which ignores them
        follower.stop();
        assertEquals(List.of(), alarms.all());
    }

    private void compress(String name, String compressed) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(kept.resolve(compressed)))) {
            Files.copy(kept.resolve(name), out);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itResumesAfterItsOwnRestart(RealMaster.Release wanted) throws Exception {
        start(wanted);
        master().mount();
        Follower first = follow();
        master().makeDirectories(4, 100);
        awaitStored(first);
        first.stop();
        long before = first.progress().next();
        master().makeDirectories(4, 100);

        Follower second = follow();
        awaitStored(second);

        assertTrue(second.progress().changes() >= 400);
        assertTrue(stockMasterStarts() >= before + 400);
        second.stop();
        assertEquals(List.of(), alarms.all());
    }

    @ParameterizedTest
    @EnumSource
    void itGoesOnAfterARestartOfTheMaster(RealMaster.Release wanted) throws Exception {
        start(wanted);
        master().mount();
        Follower follower = follow();
        master().makeDirectories(4, 100);
        awaitStored(follower);

        master().restart();
        master().makeDirectories(4, 100);
        awaitStored(follower);

        long version = follower.progress().next();
        assertTrue(stockMasterStarts() >= version);
        follower.stop();
        assertEquals(List.of(), alarms.all());
    }

    @ParameterizedTest
    @EnumSource
    void aMasterThatCrashedIsComparedAndFollowed(RealMaster.Release wanted) throws Exception {
        start(wanted);
        master().mount();
        Follower follower = follow();
        master().makeDirectories(4, 200);
        awaitStored(follower);

        master().crashAndRestore();
        master().makeDirectories(2, 50);
        awaitStored(follower);

        long version = follower.progress().next();
        assertTrue(stockMasterStarts() >= version);
        follower.stop();
    }

    @ParameterizedTest
    @EnumSource
    void aStockMasterStartsFromTheDirectoryWheneverTheMetaloggerIsKilled(RealMaster.Release wanted) throws Exception {
        start(wanted);
        master().mount();
        var random = new Random(1);
        long known = 0;
        for (int round = 0; round < KILLS; round++) {
            try (var metalogger = MetaloggerProcess.start(directory, master().changesPort(), master().clientPort())) {
                var load = new CompletableFuture<Void>();
                Thread.ofPlatform().daemon().start(() -> makeDirectories(load));
                LockSupport.parkNanos(1_000_000L * random.nextInt(1500));
                metalogger.kill();
                load.get();
            }
            if (Files.exists(kept.resolve("metadata_ml.mfs.back"))) {
                long version = stockMasterStarts();
                assertTrue(version >= known, "round " + round + ": " + version + " after " + known);
                known = version;
            }
        }
        assertTrue(known > 1, "nothing was stored");
    }

    private void makeDirectories(CompletableFuture<Void> done) {
        try {
            master().makeDirectories(4, 150);
            done.complete(null);
        } catch (InterruptedException | ExecutionException e) {
            done.completeExceptionally(e);
        }
    }
}
