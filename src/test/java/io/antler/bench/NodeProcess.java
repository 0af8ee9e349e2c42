package io.antler.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.antler.bench.raw.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One JVM of a side, told by lines what to do ({@link Console}). */
final class NodeProcess {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Path log;
    private final Writer in;
    private final BufferedReader out;

    private NodeProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.in = process.outputWriter(UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** @param log everything it prints that is no answer */
    static NodeProcess start(String name, List<String> command, Path log) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        try {
            return new NodeProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " not started", e);
        }
    }

    String name() {
        return name;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    void awaitStart() {
        answer(START);
    }

    /** @throws Console.NotLeader if it had to lead for that and does not */
    String ask(String command, Duration limit) {
        return tell(command).apply(limit);
    }

    /** The answer is read by whoever calls what this returns. */
    Pending tell(String command) {
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has ended, see " + log, e);
        }
        return this::answer;
    }

    /** An answer that has not been read. */
    interface Pending {
        String apply(Duration limit);
    }

    private String answer(Duration limit) {
        var line = CompletableFuture.supplyAsync(this::read, Thread::startVirtualThread);
        try {
            String[] words = line.get(limit.toMillis(), TimeUnit.MILLISECONDS).split(" ", 2);
            return switch (words[0]) {
                case "ok" -> words[1];
                case "not" -> throw new Console.NotLeader(words[1]);
                default -> throw new IllegalStateException(name + ": " + words[1] + "; see " + log);
            };
        } catch (TimeoutException e) {
            throw new IllegalStateException(name + " has not answered within " + limit + "; see " + log, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " has ended; see " + log, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String read() {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(Console.MARK)) {
                    return line.substring(Console.MARK.length());
                }
            }
            throw new IllegalStateException("end of output");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time of this JVM up to now. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL; returns when it has ended. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** By the end of its input; a node that does not end is killed. */
    void stop() {
        try {
            in.close();
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
            process.waitFor();
        } catch (IOException e) {
            kill(); // it has ended, or will not read any more
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    void awaitEnd() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
