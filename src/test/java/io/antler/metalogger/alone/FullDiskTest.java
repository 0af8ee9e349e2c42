package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.antler.lab.Await;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Master;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small tmpfs. Needs root. */
@Tag("system")
class FullDiskTest {
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path disk;

    FullDiskTest(@TempDir Path directory) throws IOException {
        disk = Files.createDirectory(directory.resolve("disk"));
    }

    private static void run(String... words) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(words).inheritIO().start().waitFor(), () -> String.join(" ", words));
    }

    @BeforeEach
    void mount() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=3m", "antler-test", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @Test
    void itIsAnAlarmAndNoHoleAndItGoesOnByItselfWhenThereIsSpace() throws Exception {
        Path kept = disk.resolve("kept");
        try (var master = new ModelMaster(ID, 100)) {
            var follower = new Follower(
                    new Master(
                            "127.0.0.1",
                            master.changesPort().getPort(),
                            master.clientPort().getPort()),
                    SETTINGS,
                    Duration.ofMinutes(1),
                    () -> Archive.open(kept, 1 << 30, clock),
                    Elsewhere.NOWHERE,
                    alarms,
                    clock);
            follower.start();
            master.change("A", 10_000);
            Await.until("the first changes", () -> follower.progress().next() == master.next());
            master.change("B", 50_000);
            Await.until("the alarm", () -> alarms.has(Alarms.Kind.NOT_STORED));
            assertEquals(List.of(Alarms.Kind.NOT_STORED), kinds());
            StockView full = StockView.of(kept);
            assertFalse(full.next() < 10_100);

            run("mount", "-o", "remount,size=64m", disk.toString());
            Await.until("all changes", () -> follower.progress().next() == master.next());
            Await.until("no alarm", () -> kinds().isEmpty());

            assertEquals(master.next(), StockView.of(kept).next());
            follower.stop();
        }
    }

    private List<Alarms.Kind> kinds() {
        return alarms.all().stream().map(Alarms.Alarm::kind).toList();
    }
}
