package io.antler.journal;

import io.antler.journal.JournalPeerMain.Answered;
import io.antler.journal.JournalPeerMain.Question;
import io.antler.kernel.BootClock;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A {@link JournalPeerMain} as seen from outside. */
final class PeerProcess implements Peer {
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1", // it does not live long
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Xlog:disable", // its warnings would go to standard output
            "-Xlog:all=warning:stderr",
            "-Dlogback.configurationFile=logback-peer.xml",
            "-cp",
            System.getProperty("java.class.path"),
            JournalPeerMain.class.getName());

    private static final BootClock CLOCK = new BootClock();

    private final NodeId node;
    private final Process process;
    private final ObjectOutputStream questions;
    private final CompletableFuture<Answer> started = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean ended;

    private PeerProcess(NodeId node, Process process) throws IOException {
        this.node = node;
        this.process = process;
        this.questions = new ObjectOutputStream(process.getOutputStream());
        questions.flush();
    }

    /** @param members {@code node=port} of each */
    static PeerProcess start(NodeId node, Path directory, List<String> members) {
        List<String> command = Stream.of(JAVA.stream(), Stream.of(node.value(), directory.toString()), members.stream())
                .flatMap(part -> part)
                .toList();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.resolveSibling(node + ".log").toFile()))
                    .start();
            var peer = new PeerProcess(node, process);
            Thread.ofPlatform().daemon().name("answers of " + node).start(peer::receive);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive() {
        try (var answers = new ObjectInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (true) {
                var answered = (Answered) answers.readObject();
                CompletableFuture<Answer> asker = answered.id() == 0 ? started : waiting.remove(answered.id());
                if (asker != null) {
                    asker.complete(answered.answer());
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            ended = true;
            var notKnown = new Answer.NotKnown("the process of " + node + " has ended: " + e);
            started.complete(notKnown);
            waiting.values().forEach(asker -> asker.complete(notKnown));
        }
    }

    /** What the process says first, or that it has ended. */
    CompletableFuture<Answer> started() {
        return started;
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public NodeId node() {
        return node;
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        var answer = new CompletableFuture<Answer>();
        long id = ids.incrementAndGet();
        waiting.put(id, answer);
        try {
            send(new Question(id, request));
        } catch (IOException e) {
            answer.complete(new Answer.NotKnown("the process of " + node + " does not listen: " + e));
        }
        if (ended) { // perhaps before it was put there
            answer.complete(new Answer.NotKnown("the process of " + node + " has ended"));
        }
        return answer;
    }

    private synchronized void send(Question question) throws IOException {
        questions.writeObject(question);
        questions.reset();
        questions.flush();
    }

    @Override
    public long now() {
        return CLOCK.getAsLong();
    }

    /** All processes of one machine share {@code CLOCK_BOOTTIME}. */
    @Override
    public long trueTime(long reading) {
        return reading;
    }

    /** As {@code kill -9}: returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        await(process);
    }

    /** As {@code kill -STOP}, which nothing can notice or refuse. */
    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            await(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(process + " still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
