package io.antler.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that runs on a host until it is ended; everything it prints is appended to its log file. */
final class Program {
    private final String name;
    private final Process process;
    private final Path log;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts it in a session of its own, so that an interrupt at the terminal does not end it. */
    static Program start(String name, List<String> command, Path log) {
        try {
            var builder = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("ANTLER_JAVA", System.getProperty("java.home") + "/bin/java");
            return new Program(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": not started: " + String.join(" ", command), e);
        }
    }

    Path log() {
        return log;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean running() {
        return process.isAlive();
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM to this process, and waits until it is gone. */
    int stop(Duration limit) {
        process.destroy();
        return awaitExit(limit);
    }

    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + " (process " + process.pid() + ") has not ended within " + limit);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + ": interrupted while waiting for its end", e);
        }
    }

    /**
     * Waits until it is ready.
     *
     * @throws IllegalStateException with the end of its log if it ends before, or is not ready within {@code limit}
     */
    Program awaitReady(Duration limit, String what, BooleanSupplier ready) {
        try {
            Await.until(limit, name + " " + what, () -> !running() || ready.getAsBoolean());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + System.lineSeparator() + tail(), e);
        }
        if (!running()) {
            throw new IllegalStateException(
                    "%s ended with exit code %d instead of: %s%n%s".formatted(name, process.exitValue(), what, tail()));
        }
        return this;
    }

    String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        List<String> lines = output().lines().toList();
        return "last lines of " + log + ":" + System.lineSeparator()
                + String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }
}
