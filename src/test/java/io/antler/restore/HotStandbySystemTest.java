package io.antler.restore;

import static io.antler.restore.StockMaster.eventually;
import static io.antler.restore.StockMaster.listens;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Change;
import io.antler.moosefs.DataDirectory;
import io.antler.moosefs.StockProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real {@code mfsmaster} as standby, on loopback. Needs root, {@code /dev/fuse} and the MooseFS packages. */
@Tag("system")
class HotStandbySystemTest {
    private static StockMaster source = new StockMaster(Path.of("none"), 0, List.of());

    private final Path directory;
    private final Path data;
    private final Ends ends = new Ends();

    HotStandbySystemTest(@TempDir Path directory) throws IOException {
        StockMaster.allowEntry(directory);
        this.directory = directory;
        this.data = directory.resolve("standby");
    }

    @BeforeAll
    static void makeAFileSystem(@TempDir Path directory) throws Exception {
        source = StockMaster.make(directory);
        Path kept = Files.createTempFile("antler-image", "");
        kept.toFile().deleteOnExit();
        Files.write(kept, Files.readAllBytes(source.image()));
        source = new StockMaster(kept, source.imageVersion(), source.changes());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertEquals(List.of(), StockProcess.killLeftovers(data));
        assertFalse(listens());
    }

    @Test
    void itFollowsChangesWithClosedPortsAndServesThemWhenPromoted() throws Exception {
        int half = source.changes().size() / 2;
        HotStandby standby = start();
        ends.loaded.get(60, TimeUnit.SECONDS);
        standby.append(source.changes().subList(0, half));
        eventually(() -> standby.replayed() == source.imageVersion() + half);
        assertFalse(listens());
        for (Change change : source.changes().subList(half, source.changes().size())) {
            standby.append(List.of(change));
        }
        long expected = source.imageVersion() + source.changes().size();
        eventually(() -> standby.replayed() == expected);
        assertFalse(listens());

        promoteAndKill(standby, expected);
        assertThrows(IllegalStateException.class, () -> standby.append(List.of(new Change(expected, "1|X()"))));
    }

    @Test
    void withNothingEverAppendedItWaitsAndServesTheImage() throws Exception {
        HotStandby standby = start();
        eventually(standby::caughtUp);

        assertThrows(TimeoutException.class, () -> ends.ended.get(1, TimeUnit.SECONDS));
        assertFalse(listens());

        promoteAndKill(standby, source.imageVersion());
    }

    @Test
    void whatIsAppendedWhileItLoadsIsNotLost() throws Exception {
        HotStandby standby = start();
        standby.append(source.changes().subList(0, 10));
        standby.append(source.changes().subList(10, source.changes().size()));

        long expected = source.imageVersion() + source.changes().size();
        eventually(() -> standby.replayed() == expected);

        promoteAndKill(standby, expected);
    }

    @Test
    void promotionDoesNotWaitUntilAllIsReplayed() throws Exception {
        HotStandby standby = start();
        ends.loaded.get(60, TimeUnit.SECONDS);
        standby.append(source.changes());

        promoteAndKill(standby, source.imageVersion() + source.changes().size());
    }

    @Test
    void aChangeThatDoesNotFitEndsIt() throws Exception {
        try (HotStandby standby = start()) {
            eventually(standby::caughtUp);

            standby.append(List.of(new Change(source.imageVersion(), "1700000000|CREATE(1,x,2,511,18,0,0,0):77")));

            assertEquals(1, ends.ended.get(60, TimeUnit.SECONDS));
            assertTrue(String.join("\n", ends.lines).contains("error applying changelogs"), ends.lines.toString());
            assertThrows(IllegalStateException.class, standby::promote);
        }
    }

    @Test
    void aDamagedImageEndsItWithoutOpenPorts() throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged"), "MFSM 2.0 and no more");
        try (HotStandby standby = HotStandby.start(settings(), damaged, 2, ends)) {
            assertEquals(1, ends.ended.get(60, TimeUnit.SECONDS));
            assertFalse(standby.caughtUp());
        }
    }

    @Test
    void anImageNewerThanSaidIsNoticedBecauseItSkipsTheChanges() throws Exception {
        try (HotStandby standby = HotStandby.start(settings(), source.image(), source.imageVersion() - 1, ends)) {
            assertEquals(137, ends.ended.get(60, TimeUnit.SECONDS));
            assertTrue(ends.lines.getLast().contains("without being promoted"), ends.lines.toString());
            assertFalse(standby.caughtUp());
        }
    }

    @Test
    void closingLeavesNoProcess() throws Exception {
        HotStandby standby = start();
        eventually(standby::caughtUp);

        standby.close();

        assertTrue(ended(standby.process().pid()));
        assertFalse(new DataDirectory(data).inUse());
        assertFalse(ends.ended.isDone());
    }

    @Test
    void aDirectoryThatIsNotEmptyIsRefused() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("metadata.mfs"), "");

        var refused = assertThrows(IOException.class, this::start);

        assertEquals("Not starting a standby: " + data + " is not empty. Move it aside.", refused.getMessage());
    }

    @Test
    void anotherReaderOfTheFileIsNotHeldUp() throws Exception {
        try (HotStandby standby = start()) {
            eventually(standby::caughtUp);
            standby.append(source.changes().subList(0, 3));
            eventually(standby::caughtUp);

            StockMaster.run("cat", data.resolve("changelog_ml.0.mfs").toString());

            assertFalse(ends.ended.isDone());
        }
    }

    @Test
    void consumedChangesAreGivenBackToTheDisk() throws Exception {
        try (HotStandby standby = start()) {
            long version = source.imageVersion();
            long start = System.nanoTime();
            for (int batch = 0; batch < 100; batch++) {
                List<Change> changes = new ArrayList<>();
                for (int i = 0; i < 10_000; i++) {
                    changes.add(new Change(version++, "1700000000|ACCESS(1)"));
                }
                standby.append(changes);
            }
            long expected = version;
            eventually(() -> standby.replayed() == expected);
            System.out.printf("1000000 changes replayed in %d ms%n", (System.nanoTime() - start) / 1_000_000);

            Path fed = data.resolve("changelog_ml.0.mfs");
            Process du = new ProcessBuilder("du", "-k", fed.toString()).start();
            String kib = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\t", 2)[0];
            assertTrue(Files.size(fed) > 25L << 20, "length " + Files.size(fed));
            assertTrue(Long.parseLong(kib) < 12 << 10, "KiB on disk: " + kib);
        }
    }

    @Test
    void singleChangesAreFollowedOneByOne() throws Exception {
        try (HotStandby standby = start()) {
            eventually(standby::caughtUp);

            long start = System.nanoTime();
            for (long version = source.imageVersion(); version < source.imageVersion() + 5_000; version++) {
                standby.append(List.of(new Change(version, "1700000000|ACCESS(1)")));
                while (standby.replayed() <= version) {
                    Thread.onSpinWait();
                }
            }

            System.out.printf("one change replayed in %d us%n", (System.nanoTime() - start) / 5_000_000);
            assertFalse(ends.ended.isDone());
        }
    }

    @Test
    void nothingIsLeftAndNoPortOpensWhenTheJvmIsKilled() throws Exception {
        Process jvm = standbyJvm();
        long pid = pidOf(jvm);

        jvm.destroyForcibly();

        eventually(() -> ended(pid) && !new DataDirectory(data).inUse());
        assertFalse(listens());
    }

    @Test
    void evenWithoutItsTetherItDoesNotServeWhenTheJvmIsKilled() throws Exception {
        Process jvm = standbyJvm();
        long pid = pidOf(jvm);
        for (ProcessHandle tether : jvm.descendants().toList()) {
            if (tether.info().command().orElse("").endsWith("bash")) {
                StockMaster.run("kill", "-STOP", String.valueOf(tether.pid()));
            }
        }

        jvm.destroyForcibly();

        eventually(() -> ended(pid));
        assertFalse(listens());
        assertFalse(StockProcess.killLeftovers(data).isEmpty()); // the stopped tether
    }

    private HotStandby start() throws IOException {
        return HotStandby.start(settings(), source.image(), source.imageVersion(), ends);
    }

    private StandbySettings settings() throws IOException {
        return new StandbySettings(
                StockMaster.PROGRAM, StockMaster.config(directory, data), data, "mfs", Optional.of("mfs"));
    }

    private static void promoteAndKill(HotStandby standby, long expectedVersion) throws Exception {
        long start = System.nanoTime();
        standby.promote();
        eventually(StockMaster::listens);
        System.out.printf(
                "promoted: port open after %d ms at version %d%n",
                (System.nanoTime() - start) / 1_000_000, expectedVersion);

        assertEquals(expectedVersion, StockMaster.metadataVersion());
        standby.close(); // does nothing to a promoted one
        assertTrue(listens());
        standby.process().kill();
    }

    private Process standbyJvm() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandbyJvm.class.getName(),
                        settings().config().toString(),
                        data.toString(),
                        source.image().toString(),
                        String.valueOf(source.imageVersion()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long pidOf(Process jvm) throws IOException {
        var output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.matches("\\d+|ended.*")) { // its log
            line = output.readLine();
        }
        return Long.parseLong(String.valueOf(line));
    }

    private static boolean ended(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "stat"))
                    .contains(") Z ");
        } catch (IOException gone) {
            return true;
        }
    }

    private static final class Ends implements HotStandby.Listener {
        final CompletableFuture<Boolean> loaded = new CompletableFuture<>();
        final CompletableFuture<Integer> ended = new CompletableFuture<>();
        volatile List<String> lines = List.of();

        @Override
        public void loaded() {
            loaded.complete(true);
        }

        @Override
        public void ended(int exit, List<String> lastLines) {
            lines = lastLines;
            ended.complete(exit);
        }
    }
}
