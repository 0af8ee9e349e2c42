package io.antler.lab;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Short commands of the system: run, wait, look at the exit code. */
final class Shell {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Shell() {}

    /** A command that ran to its end. */
    record Result(List<String> command, int exitCode, String output, String errors) {
        String orThrow() {
            if (exitCode != 0) {
                throw new IllegalStateException(
                        "%s: exit code %d%n%s%s".formatted(text(command), exitCode, output, errors));
            }
            return output;
        }
    }

    static String run(String... command) {
        return run(LIMIT, List.of(command)).orThrow();
    }

    /** @throws IllegalStateException if the command cannot be started or has not ended within {@code limit} */
    static Result run(Duration limit, List<String> command) {
        Process process = start(command);
        try {
            var output = reading(process.getInputStream());
            var errors = reading(process.getErrorStream());
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(text(command) + ": no exit within " + limit);
            }
            return new Result(command, process.exitValue(), output.join(), errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(text(command) + ": interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(text(command) + ": not started", e);
        }
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> read(stream), runnable -> Thread.ofVirtual().start(runnable));
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(output not readable: " + e.getMessage() + ")";
        }
    }

    private static String text(List<String> command) {
        return String.join(" ", command);
    }
}
