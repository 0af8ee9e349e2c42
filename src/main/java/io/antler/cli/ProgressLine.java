package io.antler.cli;

import io.antler.restore.RestoreProgress;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** One line on a terminal that is written over again and again; nothing where there is no terminal. */
final class ProgressLine implements RestoreProgress, AutoCloseable {
    private static final int BAR = 30;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final PrintWriter terminal;
    private final boolean shown;
    private final long start = System.nanoTime();
    private long told = start - PAUSE.toNanos();
    private int length;

    ProgressLine(PrintWriter terminal) {
        this(
                terminal,
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent());
    }

    ProgressLine(PrintWriter terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    /** Beside what is printed to standard output: shown if that is not the terminal, but standard error is. */
    static ProgressLine besideOutput(PrintWriter terminal) {
        return new ProgressLine(terminal, !isTerminal(1) && isTerminal(2));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    /** @param done bytes of {@code total} */
    synchronized void read(long done, long total) {
        show(() -> read(done, total, Duration.ofNanos(System.nanoTime() - start)));
    }

    /** A line that stays. */
    synchronized void say(String message) {
        close();
        terminal.println(message);
    }

    @Override
    public synchronized void reading(long version) {
        show(() -> "reading changelogs, version " + version);
    }

    @Override
    public synchronized void replaying(long version, long first, long until) {
        show(() -> replay(version, first, until, Duration.ofNanos(System.nanoTime() - start)));
    }

    /** @param elapsed since the first change */
    static String replay(long version, long first, long until, Duration elapsed) {
        double done = until > first ? Math.clamp((double) (version - first) / (until - first), 0, 1) : 1;
        return bar(done) + ", version " + version + " of " + until + left(done, elapsed);
    }

    static String read(long done, long total, Duration elapsed) {
        double part = total > 0 ? Math.clamp((double) done / total, 0, 1) : 1;
        return bar(part) + " of " + (total >> 20) + " MiB read" + left(part, elapsed);
    }

    private static String bar(double done) {
        int filled = (int) (done * BAR);
        return String.format(Locale.ROOT, "[%s%s] %3.0f %%", "#".repeat(filled), " ".repeat(BAR - filled), done * 100);
    }

    private static String left(double done, Duration elapsed) {
        return done > 0.01 ? ", " + time(elapsed.toMillis() / 1000.0 * (1 - done) / done) + " left" : "";
    }

    private static String time(double seconds) {
        long rounded = Math.round(seconds);
        return rounded < 60 ? rounded + " s" : rounded / 60 + " min " + rounded % 60 + " s";
    }

    private interface Text {
        String get();
    }

    private void show(Text text) {
        long now = System.nanoTime();
        if (shown && now - told >= PAUSE.toNanos()) {
            told = now;
            print(text.get());
        }
    }

    private void print(String text) {
        terminal.print("\r" + text + " ".repeat(Math.max(0, length - text.length())));
        terminal.flush();
        length = text.length();
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (length > 0) {
            print("");
            terminal.print("\r");
            terminal.flush();
            length = 0;
        }
    }
}
