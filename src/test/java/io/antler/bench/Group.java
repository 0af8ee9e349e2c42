package io.antler.bench;

import io.antler.bench.raw.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three JVMs of one side on loopback, each with a directory of its own. */
final class Group implements AutoCloseable {
    static final int SIZE = 3;
    private static final Duration ELECTION = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Side side;
    private final Path directory;
    private final Duration electionTimeout;
    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();

    private Group(Side side, Path directory, Duration electionTimeout) {
        this.side = side;
        this.directory = directory;
        this.electionTimeout = electionTimeout;
        this.ports = IntStream.range(0, SIZE).mapToObj(_ -> freePort()).toList();
    }

    /** Returns when one of them leads. */
    static Group start(Side side, Path directory, Duration electionTimeout) {
        var group = new Group(side, directory, electionTimeout);
        try {
            for (int i = 0; i < SIZE; i++) {
                group.nodes.add(group.node(i));
            }
            group.nodes.forEach(NodeProcess::awaitStart);
            group.leader();
            return group;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private NodeProcess node(int number) {
        String name = side.name() + "-n" + (number + 1);
        var arguments = new ArrayList<>(
                List.of(data(number).toString(), Integer.toString(number), Long.toString(electionTimeout.toMillis())));
        ports.forEach(port -> arguments.add(port.toString()));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return NodeProcess.start(name, side.command(arguments), directory.resolve(name + ".log"));
    }

    private Path data(int number) {
        return directory.resolve(side.name() + "-n" + (number + 1));
    }

    List<NodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    List<NodeProcess> running() {
        return nodes.stream().filter(NodeProcess::isRunning).toList();
    }

    /** The running node that leads. */
    NodeProcess leader() {
        long deadline = System.nanoTime() + ELECTION.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (NodeProcess node : running()) {
                if (Boolean.parseBoolean(node.ask("leader", ELECTION))) {
                    return node;
                }
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new IllegalStateException("the " + side.name() + " nodes in " + directory + " have no leader");
    }

    /** A node that does not lead. */
    NodeProcess follower() {
        NodeProcess leader = leader();
        return nodes.stream().filter(node -> node != leader).findFirst().orElseThrow();
    }

    /** @throws Console.NotLeader if it leads no longer at the end of what it was asked for */
    Answer askLeader(String command, Duration limit) {
        return Answer.of(leader().ask(command, limit));
    }

    /** Starts it again in its place; {@code empty}: with nothing on its disk. */
    NodeProcess restart(NodeProcess ended, boolean empty) {
        int number = nodes.indexOf(ended);
        ended.awaitEnd();
        if (empty) {
            try {
                Directories.delete(data(number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        NodeProcess started = node(number);
        nodes.set(number, started);
        started.awaitStart();
        return started;
    }

    /** What this node has of JRaft's snapshots. */
    long snapshotBytes(NodeProcess node) {
        try (Stream<Path> files = Files.walk(data(nodes.indexOf(node)))) {
            return files.filter(file -> file.toString().contains("/snapshot_"))
                    .filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Duration processorTime() {
        return nodes.stream().map(NodeProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::stop);
    }
}
