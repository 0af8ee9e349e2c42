package io.antler.simulation;

import io.antler.invariant.Invariant;
import io.antler.journal.Epoch;
import io.antler.journal.LeaseTerms;
import io.antler.journal.NodeId;
import io.antler.leadership.LeadershipSettings;
import io.antler.simulation.SimulatedNetwork.Layer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three machines, one thread, one clock, one seed. Every tick checks what must hold. */
final class SimulatedCluster {
    static final long MILLI = 1_000_000;
    static final String METADATA_ID = "00aa";
    private static final long TICK = 10 * MILLI;
    private static final int REMEMBERED = 60;

    private final Random random;
    private final PromotionOrder order;
    private final LeaseTerms terms = new LeaseTerms(Duration.ofSeconds(2), Duration.ofMillis(400), 0.01);
    private final SimulatedNetwork network;
    private final SimulatedLog log;
    private final List<SimulatedNode> nodes;
    /** Applies every entry the moment it is committed: what the journal has, seen from outside. */
    private final SimulatedReplica journal = new SimulatedReplica();

    private final Deque<String> trace = new ArrayDeque<>();
    private SimulatedNode leading;
    private long leadingLostAt = Long.MAX_VALUE;
    private @Nullable SimulatedNode deposed;
    private long deposedStopsAt;
    private long time;
    private long ids;
    private long changes;
    private boolean busy;
    private int openings;

    SimulatedCluster(int size, Random random, PromotionOrder order) {
        this.random = random;
        this.order = order;
        this.network = new SimulatedNetwork(random);
        this.log = new SimulatedLog(this, random);
        this.nodes = IntStream.range(0, size)
                .mapToObj(index -> new SimulatedNode(this, index, random))
                .toList();
        this.leading = nodes.get(random.nextInt(size));
        leading.lead();
    }

    void tick() {
        time += TICK;
        nodes.forEach(SimulatedNode::tickMachine);
        network.deliver(time);
        log.tick();
        nodes.forEach(SimulatedNode::tick);
        placeLeadership();
        List<SimulatedNode> speaking = speaking();
        Invariant.ONE_MASTER_SPEAKS.check(speaking.size() <= 1, "%s at %s%n%s", speaking, clock(), story());
        busy ^= random.nextInt(200) == 0;
        speaking.stream().filter(_ -> busy && random.nextInt(5) == 0).forEach(node -> node.program()
                .change(++changes));
    }

    boolean tickUntil(BooleanSupplier reached, Duration limit) {
        long end = time + limit.toNanos();
        while (!reached.getAsBoolean() && time < end) {
            tick();
        }
        return reached.getAsBoolean();
    }

    void run(Duration length) {
        tickUntil(() -> false, length);
    }

    List<SimulatedNode> speaking() {
        return nodes.stream().filter(node -> node.program().speaks()).toList();
    }

    /** A lost singleton starts elsewhere after a while; the old one, if it lives on, learns of it later. */
    private void placeLeadership() {
        if (deposed != null && time >= deposedStopsAt && deposed.thinks()) {
            deposed.stopLeading();
            deposed = null;
        }
        if (leading.leadership() != null && majoritySees(leading)) {
            leadingLostAt = Long.MAX_VALUE;
        } else if (leadingLostAt == Long.MAX_VALUE) {
            leadingLostAt = time + (2_000 + random.nextInt(5_000)) * MILLI;
        } else if (time >= leadingLostAt) {
            nodes.stream()
                    .filter(node -> node != deposed && node.thinks() && majoritySees(node))
                    .findAny()
                    .ifPresent(node -> moveLeadership(node, random.nextInt(8_000)));
        }
    }

    private void moveLeadership(SimulatedNode to, long overlapMillis) {
        if (deposed != null) {
            deposed.stopLeading();
        }
        if (to != leading) {
            deposed = leading;
            deposedStopsAt = time + overlapMillis * MILLI;
        }
        leading = to;
        leadingLostAt = Long.MAX_VALUE;
        to.lead();
    }

    void moveLeadership(SimulatedNode to) {
        if (to.thinks() && to != leading) {
            moveLeadership(to, 0);
        }
    }

    private boolean majoritySees(SimulatedNode node) {
        return nodes.stream()
                        .filter(other -> other.thinks() && node.thinks() && network.connected(Layer.AKKA, node, other))
                        .count()
                > nodes.size() / 2;
    }

    /** Every fault ends, every machine runs. */
    void heal() {
        network.heal();
        for (SimulatedNode node : nodes) {
            node.freeze(false);
            node.start();
        }
    }

    void observe(Entry entry) {
        journal.apply(entry, time);
    }

    void checkOpening(SimulatedNode node, Epoch epoch) {
        openings++;
        trace(node, "opened the door for epoch " + epoch);
        List<Long> metadata = node.program().metadata();
        List<Long> journaled = journal.changes();
        Invariant.NO_PROMOTION_BELOW_JOURNAL.check(
                metadata.size() >= journaled.size()
                        && metadata.subList(0, journaled.size()).equals(journaled),
                "%s opens at version %d, the journal is at %d%n%s",
                node,
                metadata.size(),
                journaled.size(),
                story());
    }

    void trace(SimulatedNode node, String text) {
        trace.add(clock() + " " + node + " " + text);
        if (trace.size() > REMEMBERED) {
            trace.remove();
        }
    }

    private String clock() {
        return "%6.2f s".formatted(time / 1e9);
    }

    String story() {
        return String.join(System.lineSeparator(), trace);
    }

    LeadershipSettings settings(NodeId self) {
        return new LeadershipSettings(
                self,
                nodes.stream().map(SimulatedNode::id).toList(),
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                10_000,
                Duration.ofSeconds(5));
    }

    SimulatedReplica journal() {
        return journal;
    }

    SimulatedNode leading() {
        return leading;
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedLog log() {
        return log;
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    PromotionOrder order() {
        return order;
    }

    LeaseTerms terms() {
        return terms;
    }

    long time() {
        return time;
    }

    long nextId() {
        return ++ids;
    }

    int openings() {
        return openings;
    }
}
