package io.antler.simulation;

import io.antler.journal.Fence.Verdict;
import io.antler.journal.NodeId;
import io.antler.simulation.SimulatedNetwork.Layer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One machine: a clock of its own, a JVM that can die or freeze, an {@code mfsmaster} beside it. */
final class SimulatedNode {
    private final SimulatedCluster cluster;
    private final int index;
    private final NodeId id;
    private final Random random;
    private final double rate;
    private final long offset;
    private final SimulatedReplica replica = new SimulatedReplica();
    private final SimulatedProgram program = new SimulatedProgram();
    private final Deque<Runnable> inbox = new ArrayDeque<>();
    private @Nullable SimulatedHost host;
    private @Nullable SimulatedLeadership leadership;
    private int life;
    private boolean frozen;
    private long killProgramAt = Long.MAX_VALUE;
    private long lag;

    SimulatedNode(SimulatedCluster cluster, int index, Random random) {
        this.cluster = cluster;
        this.index = index;
        this.id = new NodeId("n" + (index + 1));
        this.random = random;
        this.rate = 1 + (random.nextDouble() - 0.5) * cluster.terms().drift() * 0.99;
        this.offset = random.nextLong(1_000_000) * SimulatedCluster.MILLI;
        start();
    }

    void start() {
        if (host == null) {
            program.clear();
            killProgramAt = Long.MAX_VALUE;
            replica.restarted(now());
            host = new SimulatedHost(cluster, this, random);
            cluster.trace(this, "JVM started");
        }
    }

    /** The whole machine at once, or only the JVM: then the tether takes a moment. */
    void crash(boolean machine) {
        life++;
        host = null;
        leadership = null;
        frozen = false;
        inbox.clear();
        killProgramAt = machine ? cluster.time() : cluster.time() + random.nextInt(300) * SimulatedCluster.MILLI;
        cluster.trace(this, machine ? "machine crashed" : "JVM killed");
    }

    void freeze(boolean freeze) {
        if (host != null && frozen != freeze) {
            frozen = freeze;
            cluster.trace(this, freeze ? "JVM frozen" : "JVM goes on");
        }
    }

    void receive(Runnable work) {
        if (thinks()) {
            work.run();
        } else if (host != null) {
            inbox.add(work);
        }
    }

    /** What the kernel and the tether do, with or without a JVM. */
    void tickMachine() {
        if (program.diesAt(now())) {
            cluster.trace(this, "tether killed mfsmaster at the end of the lease");
        }
        if (cluster.time() >= killProgramAt) {
            program.clear();
            killProgramAt = Long.MAX_VALUE;
        }
        if (host != null) {
            host.tickMachine();
        }
    }

    void tick() {
        if (!thinks() || host == null) {
            return;
        }
        while (!inbox.isEmpty()) {
            inbox.remove().run();
        }
        replicate();
        host.tick();
        if (leadership != null) {
            leadership.tick();
        }
    }

    private void replicate() {
        SimulatedNode leader = cluster.log().leader();
        if (leader == null || !leader.thinks() || !cluster.network().connected(Layer.RAFT, leader, this)) {
            return;
        }
        if (random.nextInt(20) == 0) {
            lag = random.nextInt(random.nextInt(10) == 0 ? 600 : 30) * SimulatedCluster.MILLI;
        }
        var committed = cluster.log().committed();
        while (host != null
                && replica.applied() < committed.size()
                && committed.get(replica.applied()).at() + lag <= cluster.time()) {
            Entry entry = committed.get(replica.applied()).entry();
            Verdict verdict = replica.apply(entry, now());
            host.applied(entry, verdict);
            if (leadership != null) {
                leadership.applied(entry, verdict);
            }
        }
    }

    void lead() {
        if (host != null && leadership == null) {
            leadership = new SimulatedLeadership(cluster, this);
            cluster.trace(this, "Leadership runs here");
        }
    }

    void stopLeading() {
        leadership = null;
    }

    /** Nanoseconds of the machine's own clock. */
    long now() {
        return offset + (long) (cluster.time() * rate);
    }

    boolean thinks() {
        return host != null && !frozen;
    }

    boolean alive() {
        return host != null;
    }

    int life() {
        return life;
    }

    int index() {
        return index;
    }

    NodeId id() {
        return id;
    }

    SimulatedReplica replica() {
        return replica;
    }

    SimulatedProgram program() {
        return program;
    }

    @Nullable
    SimulatedHost host() {
        return host;
    }

    @Nullable
    SimulatedLeadership leadership() {
        return leadership;
    }

    @Override
    public String toString() {
        return id.value();
    }
}
