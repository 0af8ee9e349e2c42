package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.kernel.BootClock;
import io.antler.kernel.ProcessGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell stands for the stock program. */
class StockProcessTest {
    private static final String SLEEPING_WITH_A_CHILD = "sleep 1000 & sleep 1000; true";

    private final Path dataDir;

    StockProcessTest(@TempDir Path dataDir) {
        this.dataDir = dataDir;
    }

    @Test
    void itsLinesAndItsExitStatusArrive() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();

        StockProcess process = StockProcess.start(
                dataDir, bash("echo one; printf 'progress: 1\\rprogress: 2\\r' >&2; echo two >&2; exit 3"), lines::add);

        assertEquals(3, exit(process));
        assertEquals(List.of("one", "progress: 1", "progress: 2", "two"), lines);
        assertEquals(List.of("one", "two"), process.lastLines());
        process.kill();
    }

    @Test
    void muchOutputDoesNotStopIt() throws Exception {
        StockProcess process = StockProcess.start(
                dataDir, bash("for ((i = 0; i < 20000; i++)); do printf 'progress: %d\\r' $i; done"), line -> {});

        assertEquals(0, exit(process));
    }

    @Test
    void itsOwnNumberIsTheProgramsAndItIsInAnotherGroupThanThisProcess() throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        try (StockProcess process = StockProcess.start(dataDir, bash("echo $$; sleep 1000"), lines::add)) {
            eventually(() -> lines.contains(String.valueOf(process.pid())));

            assertFalse(ProcessGroup.members(groupOf(process.pid()))
                    .contains(ProcessHandle.current().pid()));
        }
    }

    @Test
    void killingLeavesNoMemberOfTheGroup() throws Exception {
        StockProcess process = StockProcess.start(dataDir, bash(SLEEPING_WITH_A_CHILD), line -> {});
        long group = groupOf(process.pid());
        assertTrue(ProcessGroup.members(group).size() >= 3);

        process.kill();

        assertEquals(List.of(), ProcessGroup.members(group));
        assertEquals(137, exit(process));
        process.kill(); // again does no harm
    }

    @Test
    void aGrantThatArrivesInTwoPiecesIsOneGrant() throws Exception {
        String script =
                Path.of("src/main/resources/io/antler/moosefs/tether.bash").toString();
        Process tether = new ProcessBuilder("setsid", "bash", script, "sleep", "1000").start();
        String inOneHour = String.valueOf(new BootClock().getAsLong() / 10_000_000 + 360_000);
        try {
            grant(tether, inOneHour + "\n" + inOneHour.substring(0, 3));
            assertFalse(tether.waitFor(600, TimeUnit.MILLISECONDS)); // several timed reads end in the middle
            grant(tether, inOneHour.substring(3) + "\n");

            assertFalse(tether.waitFor(600, TimeUnit.MILLISECONDS), "killed by half a number, which is long ago");
        } finally {
            tether.outputWriter(StandardCharsets.US_ASCII).close();
        }
        assertTrue(tether.waitFor(10, TimeUnit.SECONDS));
    }

    private static void grant(Process tether, String text) throws IOException {
        tether.outputWriter(StandardCharsets.US_ASCII).write(text);
        tether.outputWriter(StandardCharsets.US_ASCII).flush();
    }

    @Test
    void whenTheProgramEndsItsChildrenEndToo() throws Exception {
        StockProcess process = StockProcess.start(dataDir, bash("sleep 1000 & exit 0"), line -> {});

        assertEquals(0, exit(process));
        assertEquals(List.of(), Leftovers.find(dataDir));
    }

    @Test
    void theGroupDiesWhenTheGrantedTimeRunsOut() throws Exception {
        StockProcess process = StockProcess.start(dataDir, bash(SLEEPING_WITH_A_CHILD), line -> {});
        long group = groupOf(process.pid());

        long start = System.nanoTime();
        process.grant(Duration.ofMillis(500));

        assertEquals(137, exit(process));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 450, millis + " ms");
        assertEquals(List.of(), ProcessGroup.members(group));
    }

    @Test
    void aLaterGrantReplacesAnEarlierOne() throws Exception {
        try (StockProcess process = StockProcess.start(dataDir, bash(SLEEPING_WITH_A_CHILD), line -> {})) {
            process.grant(Duration.ofMillis(400));
            process.grant(Duration.ofSeconds(100));

            assertThrows(
                    TimeoutException.class,
                    () -> process.onExit().toCompletableFuture().get(900, TimeUnit.MILLISECONDS));

            process.grant(Duration.ZERO);
            assertEquals(137, exit(process));
        }
    }

    @Test
    void nothingIsLeftWhenTheOwningJvmIsKilled() throws Exception {
        try (Owner owner = new Owner("PT1H")) {
            owner.jvm.destroyForcibly();

            eventually(() -> ProcessGroup.members(owner.group).isEmpty());
        }
    }

    @Test
    void aStoppedJvmCannotKeepTheProgramRunningPastItsGrant() throws Exception {
        try (Owner owner = new Owner("PT1S")) {
            signal("STOP", owner.jvm.pid());

            eventually(() -> ProcessGroup.members(owner.group).isEmpty());
            assertTrue(owner.jvm.isAlive());
        }
    }

    @Test
    void leftoversOfThisDirectoryAreKilledAndNoOthers() throws Exception {
        Process mine = leftover(dataDir);
        Process other = leftover(dataDir.resolve("other"));
        try {
            assertEquals(List.of(mine.pid()), StockProcess.killLeftovers(dataDir));

            assertTrue(mine.waitFor(10, TimeUnit.SECONDS));
            assertTrue(other.isAlive());
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aMissingProgramIsNamed() {
        var failure = assertThrows(
                IOException.class, () -> StockProcess.start(dataDir, List.of("/nowhere/mfsmaster", "-f"), line -> {}));

        assertEquals(
                "Not starting /nowhere/mfsmaster: it is missing or not executable. Install it (Debian: moosefs-master)"
                        + " or correct antler.master.program.",
                failure.getMessage());
    }

    private static List<String> bash(String script) {
        return List.of("/bin/bash", "-c", script);
    }

    private static int exit(StockProcess process) throws Exception {
        return process.onExit().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Process leftover(Path directory) throws IOException {
        var builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put(Leftovers.VARIABLE, Leftovers.value(directory));
        return builder.start();
    }

    private static long groupOf(long pid) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", String.valueOf(pid)).start();
        return Long.parseLong(new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor());
    }

    private static void eventually(BooleanSupplier condition) throws IOException {
        StockProcess.await("as expected", Duration.ofSeconds(30), condition);
    }

    /** A JVM of its own that owns a stock process. */
    private final class Owner implements AutoCloseable {
        final Process jvm;
        final long group;

        Owner(String grant) throws IOException {
            jvm = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OwningJvm.class.getName(),
                            dataDir.toString(),
                            grant,
                            SLEEPING_WITH_A_CHILD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
            group = groupOf(Long.parseLong(output.readLine()));
            assertTrue(ProcessGroup.members(group).size() >= 3);
        }

        @Override
        public void close() throws IOException {
            jvm.destroyForcibly();
            StockProcess.killLeftovers(dataDir);
        }
    }
}
