package io.antler.journal;

import io.antler.journal.RaftSettings.Snapshots;
import io.antler.journal.transport.FaultyNetwork;
import io.antler.lab.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Three real peers in this JVM, on a {@link FaultyNetwork}, each with a clock of its own, and what can be done to them. */
final class MemoryGroup implements Peers, AutoCloseable {
    static final LeaseTerms LEASE = new LeaseTerms(Duration.ofMillis(300), Duration.ofMillis(80), 0.1);

    static final List<NodeId> NODES = List.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3"));

    private static final Duration ELECTION = Duration.ofMillis(150);
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    private static final int FIRST_PORT = 11;
    private static final long SNAPSHOT_AFTER_BYTES = 32 << 10;

    private final Path directory;
    private final Random random;
    private final Mutant mutant;
    private final FaultyNetwork network;
    private final TreeMap<NodeId, InetSocketAddress> members = new TreeMap<>();
    private final Map<NodeId, Incarnation> incarnations = new ConcurrentHashMap<>();

    /** One life of a peer. */
    private static final class Incarnation {
        private final RaftGroup group;
        private final Peer peer;
        private volatile CompletableFuture<?> awake = CompletableFuture.completedFuture(null);

        Incarnation(RaftGroup group, SkewedClock clock, Mutant mutant) {
            this.group = group;
            this.peer = mutant.peer(new LocalPeer(group, LEASE, clock, clock::trueTime, () -> awake));
        }
    }

    private MemoryGroup(Path directory, Random random, Mutant mutant) {
        this.directory = directory;
        this.random = random;
        this.mutant = mutant;
        this.network = new FaultyNetwork(random.nextLong());
        NODES.forEach(node -> members.put(
                node, new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + members.size())));
    }

    static MemoryGroup start(Path directory, Random random, Mutant mutant) {
        var group = new MemoryGroup(directory, random, mutant);
        group.startTheStopped();
        return group;
    }

    @Override
    public List<NodeId> nodes() {
        return NODES;
    }

    @Override
    public Peer get(NodeId node) {
        Incarnation incarnation = incarnations.get(node);
        return incarnation == null ? new StoppedPeer(node) : incarnation.peer;
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    void act(FaultPlan.Step step) {
        switch (step.deed()) {
            case CUT -> network.cut(address(step.node()), address(step.other()));
            case MEND -> network.mend(address(step.node()), address(step.other()));
            case CUT_OFF -> network.isolate(address(step.node()), members.values());
            case JOIN -> network.rejoin(address(step.node()), members.values());
            case BAD_NETWORK -> network.faults(bad(Integer.parseInt(step.other())));
            case GOOD_NETWORK -> network.faults(FaultyNetwork.Faults.NONE);
            case FREEZE -> freeze(new NodeId(step.node()));
            case THAW -> thaw(new NodeId(step.node()));
            case STOP -> stop(new NodeId(step.node()));
            case STOP_ALL -> nodes().forEach(this::stop);
            case START -> startTheStopped();
            case MOVE_LEADERSHIP ->
                incarnations
                        .values()
                        .forEach(incarnation -> incarnation.group.transferLeadershipTo(new NodeId(step.node())));
        }
    }

    private InetSocketAddress address(String node) {
        return Objects.requireNonNull(members.get(new NodeId(node)));
    }

    private static FaultyNetwork.Faults bad(int percent) {
        return new FaultyNetwork.Faults(
                percent / 200.0, percent / 200.0, 0.5, Duration.ZERO, Duration.ofMillis(2L * percent));
    }

    private void freeze(NodeId node) {
        Incarnation incarnation = incarnations.get(node);
        if (incarnation != null && incarnation.awake.isDone()) {
            incarnation.awake = new CompletableFuture<Void>();
            network.pause(address(node.value()));
        }
    }

    private void thaw(NodeId node) {
        Incarnation incarnation = incarnations.get(node);
        if (incarnation != null && !incarnation.awake.isDone()) {
            network.resume(address(node.value()));
            incarnation.awake.complete(null);
        }
    }

    private void stop(NodeId node) {
        thaw(node);
        Incarnation stopped = incarnations.remove(node);
        if (stopped != null) {
            stopped.group.close();
        }
    }

    private void startTheStopped() {
        nodes().stream().filter(node -> !incarnations.containsKey(node)).forEach(this::start);
    }

    private void start(NodeId node) {
        Path own = directory.resolve(node.value());
        mutant.beforeStart(own);
        var clock = mutant.clock(this::now, random);
        var snapshots = new Snapshots(Duration.ofMillis(20 + random.nextInt(300)), SNAPSHOT_AFTER_BYTES);
        RaftGroup group = RaftGroup.start(
                new RaftSettings(node, members, own, ELECTION, TIMEOUT).with(snapshots),
                clock,
                network.at(address(node.value())));
        mutant.started(group);
        incarnations.put(node, new Incarnation(group, clock, mutant));
    }

    /** Ends all faults. */
    void heal() {
        nodes().forEach(this::thaw);
        network.faults(FaultyNetwork.Faults.NONE);
        network.heal();
        startTheStopped();
    }

    void awaitLeader() {
        Await.until("a leader", () -> incarnations.values().stream()
                .anyMatch(incarnation -> Await.of(incarnation.group.confirmedLeader())));
    }

    @Override
    public void close() {
        nodes().forEach(this::stop);
        network.close();
    }

    /** What is asked of a node that is down. */
    private record StoppedPeer(NodeId node) implements Peer {
        @Override
        public CompletableFuture<Answer> ask(Request request) {
            return CompletableFuture.completedFuture(new Answer.NotKnown(node + " is stopped"));
        }

        @Override
        public long now() {
            return 0;
        }

        @Override
        public long trueTime(long reading) {
            throw new IllegalStateException(node + " is stopped and has no clock");
        }
    }
}
