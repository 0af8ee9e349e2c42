package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.RealMaster;
import io.antler.metalogger.archive.Archive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the stock master and mounts. */
@Tag("system")
class AloneSystemTest {
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);
    private static final long CHANGELOG_BYTES = 64 * 1024 * 1024;

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path directory;
    private final Path kept;
    private final RealMaster master;

    AloneSystemTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.kept = directory.resolve("kept");
        this.master = RealMaster.start(directory);
    }

    @AfterEach
    void stop() throws IOException {
        master.close();
    }

    private Follower follow() {
        var follower = new Follower(
                new Master(
                        "127.0.0.1",
                        master.changesPort().getPort(),
                        master.clientPort().getPort()),
                SETTINGS,
                Duration.ofMinutes(1),
                () -> Archive.open(kept, CHANGELOG_BYTES, clock),
                alarms,
                clock);
        follower.start();
        return follower;
    }

    private void awaitStored(Follower follower) throws IOException {
        long version = master.ask().metadataVersion();
        RealMaster.await("version " + version, () -> follower.progress().next() >= version);
    }

    /** What a stock master makes of the directory as it stands now. */
    private long restoredVersion() throws IOException {
        Path place = Files.createTempDirectory(directory, "restore");
        Path data = Files.createDirectory(place.resolve("data"));
        try (Stream<Path> files = Files.list(kept)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, data.resolve(file.getFileName()));
            }
        }
        try (RealMaster restored = RealMaster.restore(place)) {
            assertEquals(master.ask().id(), restored.ask().id());
            return restored.ask().metadataVersion();
        }
    }

    @Test
    void aStockMasterStartsFromWhatWasFollowed() throws Exception {
        master.mount();
        Follower follower = follow();
        master.makeDirectories(4, 200);
        awaitStored(follower);
        long version = follower.progress().next();

        assertEquals(version, restoredVersion());

        follower.stop();
        assertEquals(List.of(), alarms.all());
    }

    @Test
    void itResumesAfterItsOwnRestart() throws Exception {
        master.mount();
        Follower first = follow();
        master.makeDirectories(4, 100);
        awaitStored(first);
        first.stop();
        long before = first.progress().next();
        master.makeDirectories(4, 100);

        Follower second = follow();
        awaitStored(second);

        assertEquals(second.progress().next() - before, second.progress().changes());
        assertEquals(second.progress().next(), restoredVersion());
        second.stop();
        assertEquals(List.of(), alarms.all());
    }

    @Test
    void itGoesOnAfterARestartOfTheMaster() throws Exception {
        master.mount();
        Follower follower = follow();
        master.makeDirectories(4, 100);
        awaitStored(follower);

        master.restart();
        master.makeDirectories(4, 100);
        awaitStored(follower);

        assertEquals(follower.progress().next(), restoredVersion());
        follower.stop();
        assertEquals(List.of(), alarms.all());
    }
}
