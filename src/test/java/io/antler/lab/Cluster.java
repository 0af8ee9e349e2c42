package io.antler.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Three Antler nodes with an adopted file system, two chunkservers and a client, each on a host of its own. */
final class Cluster {
    static final String ADDRESS = "10.77.0.100";
    private static final Duration START = Duration.ofMinutes(3);
    private static final int NODES = 3;
    private static final int CHUNK_SERVERS = 2;

    private final Lab lab;
    private final List<AntlerNode> nodes;
    private final Mount mount;
    private int readers;

    private Cluster(Lab lab, List<AntlerNode> nodes, Mount mount) {
        this.lab = lab;
        this.nodes = new ArrayList<>(nodes);
        this.mount = mount;
    }

    /** Returns when clients are served, and every other node is a hot standby. */
    static Cluster start(Lab lab) {
        return start(lab, hosts -> AntlerNode.configure(hosts, ADDRESS), NODES - 1);
    }

    /** The same, but the third node is a witness. */
    static Cluster startWithWitness(Lab lab) {
        return start(
                lab,
                hosts -> {
                    List<AntlerNode> nodes = AntlerNode.configure(hosts, ADDRESS);
                    return List.of(nodes.get(0), nodes.get(1), AntlerNode.configureWitness(hosts.getLast(), hosts));
                },
                NODES - 2);
    }

    /** Each node's data directory on a file system of its own, of so many MiB. */
    static Cluster startOnSmallDisks(Lab lab, int sizeMiB) {
        return start(lab, hosts -> AntlerNode.configureOnSmallDisks(hosts, ADDRESS, sizeMiB), NODES - 1);
    }

    /** A node that was not there from the beginning; not started yet. */
    AntlerNode with(AntlerNode another) {
        nodes.add(another);
        return another;
    }

    private static Cluster start(Lab lab, Function<List<Host>, List<AntlerNode>> configuration, int standbys) {
        if (!Files.isExecutable(AntlerNode.home().resolve("bin/antler"))) {
            throw new IllegalStateException(
                    "No distribution in " + AntlerNode.home() + ": mvn -B -DskipTests package makes it.");
        }
        List<Host> hosts = IntStream.rangeClosed(1, NODES)
                .mapToObj(number -> lab.host("n" + number, number))
                .toList();
        List<AntlerNode> nodes = configuration.apply(hosts);
        nodes.forEach(AntlerNode::start);
        AntlerNode first = nodes.getFirst();
        awaitStatus(START, nodes, "all nodes in one cluster", status -> status.joined() == NODES);
        first.adoptNewFileSystem();
        awaitStatus(
                START,
                nodes,
                "master and hot standbys",
                status -> status.serving() && status.hotStandbys() == standbys);
        for (int number = 1; number <= CHUNK_SERVERS; number++) {
            ChunkServer.start(lab.host("c" + number, 20 + number), ADDRESS);
        }
        return new Cluster(
                lab, nodes, Mount.start(lab.host("client", 31), "mnt", ADDRESS).awaitSpace());
    }

    List<AntlerNode> nodes() {
        return List.copyOf(nodes);
    }

    /** The client's mount, in use since before any fault. */
    Path mount() {
        return mount.path();
    }

    AntlerNode node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    /** The node whose {@code mfsmaster} serves now. */
    AntlerNode master() {
        String master =
                awaitStatus(START, nodes, "a master", ClusterStatus::serving).master();
        return node(Objects.requireNonNull(master));
    }

    List<AntlerNode> others(AntlerNode node) {
        return nodes.stream().filter(each -> each != node).toList();
    }

    /** Asks every running node until one of them gives such an answer. */
    ClusterStatus awaitStatus(Duration limit, String what, Predicate<ClusterStatus> wanted) {
        return awaitStatus(limit, nodes, what, wanted);
    }

    /** The file system as a client sees it that has only just mounted it, so that nothing is cached. */
    Path freshMount() {
        readers++;
        return Mount.start(lab.host("reader" + readers, 40 + readers), "mnt", ADDRESS)
                .path();
    }

    private static ClusterStatus awaitStatus(
            Duration limit, List<AntlerNode> nodes, String what, Predicate<ClusterStatus> wanted) {
        return Await.until(limit, what, () -> {
            List<AntlerNode> running =
                    nodes.stream().filter(AntlerNode::running).toList();
            if (running.isEmpty()) {
                throw new IllegalStateException("no node runs any more, still awaited: " + what);
            }
            return running.stream()
                    .map(AntlerNode::status)
                    .flatMap(Optional::stream)
                    .filter(wanted)
                    .findFirst();
        });
    }
}
