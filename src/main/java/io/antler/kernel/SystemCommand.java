package io.antler.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a short program of the system ({@code ip}, {@code nft}) to its end. Blocks; any thread.
 *
 * @param prefix words before the program, for example {@code nsenter --net=/run/netns/x}; mostly none
 * @param timeout a program that takes longer is killed
 */
public record SystemCommand(List<String> prefix, Duration timeout) {
    public SystemCommand {
        prefix = List.copyOf(prefix);
    }

    public String run(List<String> words) {
        return run(words, "");
    }

    /**
     * @param input what the program reads; at most a few kilobytes, as is what it may print (a pipe holds 64 KiB)
     * @return what it printed, errors included
     * @throws CommandFailed with the program's own words
     */
    public String run(List<String> words, String input) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(words);
        String name = String.join(" ", words);
        try {
            Process process = start(command);
            try {
                return output(name, process, input);
            } finally {
                process.destroyForcibly(); // a timeout alone would leave the child running
            }
        } catch (IOException failure) {
            throw new CommandFailed("\"" + name + "\" was not run: " + failure.getMessage()
                    + ". Is it installed, and its directory (/usr/sbin) in PATH?");
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("\"" + name + "\" was interrupted, so what it did is not known");
        }
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    private String output(String name, Process process, String input) throws IOException, InterruptedException {
        write(process, input);
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new CommandFailed("\"" + name + "\" did not end within " + timeout.toMillis() + " ms and was killed");
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new CommandFailed("\"" + name + "\" ended with " + process.exitValue() + ": " + printed);
        }
        return printed;
    }

    /** A program that ends before it has read everything says why by its exit and its words, so that is what counts. */
    private static void write(Process process, String input) throws InterruptedException, IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException brokenPipe) {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                throw brokenPipe;
            }
        }
    }
}
