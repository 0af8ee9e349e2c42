package io.antler.journal;

import io.antler.kernel.BootClock;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Three peers, each in a JVM of its own, and what can be done to them. */
final class PeerProcesses implements Peers, AutoCloseable {
    private final Path directory;
    private final BootClock clock = new BootClock();
    private final TreeMap<NodeId, Integer> ports = new TreeMap<>();
    private final Map<NodeId, PeerProcess> processes = new ConcurrentHashMap<>();

    private PeerProcesses(Path directory) {
        this.directory = directory;
        IntStream.rangeClosed(1, 3)
                .forEach(i ->
                        ports.put(new NodeId("n" + i), TestGroup.freeAddress().getPort()));
    }

    /** Returns when all of them take part. */
    static PeerProcesses start(Path directory) {
        var peers = new PeerProcesses(directory);
        peers.restartTheDead();
        peers.awaitAnswer();
        return peers;
    }

    @Override
    public List<NodeId> nodes() {
        return List.copyOf(ports.keySet());
    }

    @Override
    public PeerProcess get(NodeId node) {
        return Objects.requireNonNull(processes.get(node));
    }

    @Override
    public long now() {
        return clock.getAsLong();
    }

    /** From when on there is a leader that is reached. */
    void awaitAnswer() {
        Await.until(
                "the group answers",
                () -> Await.of(get(nodes().getFirst()).ask(new Request.Read("none", 1, true)))
                        instanceof Answer.Events);
    }

    /** Its log is beside its directory. */
    void restart(NodeId node) {
        List<String> members = ports.entrySet().stream()
                .map(member -> member.getKey() + "=" + member.getValue())
                .toList();
        processes.put(node, PeerProcess.start(node, directory.resolve(node.value()), members));
    }

    /** @throws IllegalStateException if one of them ends at once */
    void restartTheDead() {
        List<NodeId> dead = nodes().stream()
                .filter(node -> !processes.containsKey(node) || !get(node).alive())
                .toList();
        dead.forEach(this::restart);
        dead.forEach(node -> {
            if (Await.of(get(node).started()) instanceof Answer.NotKnown(String reason)) {
                throw new IllegalStateException(
                        node + " did not start: " + reason + ", see " + directory.resolve(node + ".log"));
            }
        });
    }

    @Override
    public void close() {
        List.copyOf(processes.values()).forEach(PeerProcess::kill);
    }
}
