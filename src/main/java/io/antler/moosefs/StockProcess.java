package io.antler.moosefs;

import io.antler.kernel.BootClock;
import io.antler.kernel.Hangup;
import io.antler.kernel.ProcessGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stock program (such as {@code mfsmaster -f}) in a process group of its own, on a tether: a small shell between it and
 * this JVM kills the whole group when the JVM dies, and when a granted time runs out even though the JVM lives (stopped,
 * swapped out). The program can therefore not outlive its owner, nor the lease.
 *
 * <p>{@code mfsmaster} makes itself immune to the kernel's out-of-memory killer; the JVM is not, so it dies first and the
 * tether takes the program along.
 *
 * <p>Any thread. Two daemon threads read the pipes: a virtual thread would hold its carrier in a read of a pipe.
 */
public final class StockProcess implements AutoCloseable {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);
    private static final int KILLED = 128 + 9;
    private static final String TETHER = tether();

    private final Path dataDir;
    private final String program;
    private final Process tether;
    private final LastLines lines;
    private final BootClock clock = new BootClock();
    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread drain;

    private StockProcess(Path dataDir, String program, Process tether, Consumer<String> output) {
        this.dataDir = dataDir;
        this.program = program;
        this.tether = tether;
        this.lines = new LastLines(output);
        this.drain = daemon("output", this::drainOutput);
        daemon("tether", this::followTether);
    }

    /**
     * Returns when the program has been started (not: when it serves).
     *
     * @param dataDir its data directory; {@link #killLeftovers} finds the processes by it
     * @param command absolute path of the program, and its arguments
     * @param output gets each line that it prints, on one thread; lines end with a line feed or a carriage return
     * @throws IOException if it cannot be started; the message says why
     */
    public static StockProcess start(Path dataDir, List<String> command, Consumer<String> output) throws IOException {
        Path program = Path.of(command.getFirst());
        if (!program.toFile().canExecute()) {
            throw new IOException(
                    "Not starting %s: it is missing or not executable. Install it (Debian: moosefs-master)"
                                    .formatted(program)
                            + " or correct antler.master.program.");
        }
        List<String> tethered = new ArrayList<>(List.of("setsid", "bash", "-c", TETHER, "antler-tether"));
        tethered.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(tethered);
        builder.environment().put(Leftovers.VARIABLE, Leftovers.value(dataDir));
        var process = new StockProcess(dataDir, program.toString(), builder.start(), output);
        process.awaitStart();
        return process;
    }

    /**
     * Kills what an earlier JVM left behind on this data directory, and only that.
     *
     * @return the processes killed; when it returns, none is left and the directory's locks are free
     */
    public static List<Long> killLeftovers(Path dataDir) throws IOException {
        return Leftovers.kill(dataDir, KILL_TIMEOUT);
    }

    private void awaitStart() throws IOException {
        try {
            pid.join();
        } catch (CompletionException failure) {
            kill();
            throw new IOException("%s could not be started: %s".formatted(program, lines.last()), failure);
        }
    }

    /** The program itself, not its tether. */
    public long pid() {
        return pid.join();
    }

    /** Until the first grant the program may run as long as this JVM lives. A later call replaces an earlier one. */
    public void grant(Duration remaining) throws IOException {
        grantUntil(clock.getAsLong() + remaining.toNanos());
    }

    /**
     * @param bootNanos moment of {@link BootClock} at which the group is killed; rounded down to hundredths of a second
     * @throws IOException if the tether is gone, and so the program
     */
    public void grantUntil(long bootNanos) throws IOException {
        byte[] line = (bootNanos / 10_000_000 + "\n").getBytes(StandardCharsets.US_ASCII);
        synchronized (tether) {
            tether.getOutputStream().write(line); // one write: the tether never sees half a line
            tether.getOutputStream().flush();
        }
    }

    /** Its exit status, 128 + number for a signal; 137 also when the group was killed. All output has been read then. */
    public CompletionStage<Integer> onExit() {
        return exit.minimalCompletionStage();
    }

    /** Asks it to end by itself (SIGTERM); {@link #onExit} follows. A master then writes its whole image, or waits for ever. */
    public void terminate() {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
    }

    /**
     * Has it read its configuration files again. While it replays it only takes note, and does it when it serves.
     *
     * @return whether it was told; not if it is gone, or has only just been started
     */
    public boolean reload() throws IOException {
        return Hangup.send(pid());
    }

    /** The last lines it printed, without progress messages, for error messages. */
    public List<String> lastLines() {
        return lines.last();
    }

    /**
     * SIGKILL to the whole group. Returns when no member is left and the data directory's locks are free.
     *
     * @throws IOException if that takes too long: a member is stuck in the kernel
     */
    public void kill() throws IOException {
        await("the group of %s (%d) killed".formatted(program, tether.pid()), KILL_TIMEOUT, () -> {
            boolean empty = ProcessGroup.members(tether.pid()).isEmpty();
            if (!empty) {
                killGroup();
            }
            return empty && !tether.isAlive();
        });
        DataDirectory directory = new DataDirectory(dataDir);
        await("the locks in %s free".formatted(dataDir), KILL_TIMEOUT, () -> !directory.inUse());
    }

    private void killGroup() {
        try {
            ProcessGroup.kill(tether.pid());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    /** Control lines of the tether, then its end: the end of everything in the group. */
    private void followTether() {
        @Nullable Integer status = null;
        try (BufferedReader control = reader(tether.getInputStream())) {
            for (String line = control.readLine(); line != null; line = control.readLine()) {
                if (line.startsWith("pid ")) {
                    pid.complete(Long.valueOf(line.substring(4)));
                } else if (line.startsWith("exit ")) {
                    status = Integer.valueOf(line.substring(5));
                }
            }
        } catch (IOException failure) {
            lines.add("reading from the tether: " + failure);
        }
        try {
            drain.join(DRAIN_TIMEOUT);
            tether.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pid.completeExceptionally(new IOException("ended before it began"));
        exit.complete(status == null ? KILLED : status);
    }

    private void drainOutput() {
        try (BufferedReader output = reader(tether.getErrorStream())) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException failure) {
            lines.add("reading the output: " + failure);
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private Thread daemon(String what, Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name(Path.of(program).getFileName() + "-" + what)
                .start(work);
    }

    /** Looks every few milliseconds; the kernel tells nobody when the last member of a group is gone. */
    static void await(String what, Duration timeout, BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("not %s within %d s".formatted(what, timeout.toSeconds()));
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted, not " + what, interrupted);
            }
        }
    }

    private static String tether() {
        try (InputStream script = StockProcess.class.getResourceAsStream("tether.bash")) {
            if (script == null) {
                throw new IllegalStateException("tether.bash is missing in this program");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
