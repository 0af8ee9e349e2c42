package io.antler.simulation;

import io.antler.journal.Epoch;
import io.antler.journal.Fence.Verdict;
import io.antler.journal.LeaseWatch;
import io.antler.master.Mandate;
import io.antler.master.Phase;
import io.antler.master.Standing;
import io.antler.simulation.SimulatedNetwork.Layer;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a node does with its program: loads it, feeds it, and lets a mastership have it when it is told to. */
final class SimulatedHost {
    private static final long REPORT = 200 * SimulatedCluster.MILLI;

    private final SimulatedCluster cluster;
    private final SimulatedNode node;
    private final Random random;
    private Phase phase = Phase.LOADING;
    private long phaseEndsAt;
    private Epoch newest = Epoch.NONE;
    private @Nullable Mandate mandate;
    private long boundAtMandate;
    private @Nullable SimulatedMastership mastership;
    private long nextReport;

    SimulatedHost(SimulatedCluster cluster, SimulatedNode node, Random random) {
        this.cluster = cluster;
        this.node = node;
        this.random = random;
        load();
    }

    Phase phase() {
        return phase;
    }

    /** NONE unless it acts or acted as master. */
    Epoch epoch() {
        return mastership == null ? Epoch.NONE : mastership.epoch();
    }

    private void load() {
        node.program().clear();
        mastership = null;
        enter(Phase.LOADING, 100 + random.nextInt(4_000));
    }

    private void enter(Phase next, int forMillis) {
        phase = next;
        phaseEndsAt = cluster.time() + forMillis * SimulatedCluster.MILLI;
    }

    /** What the kernel or a child process does, whether the JVM sleeps or not. */
    void tickMachine() {
        if (phase == Phase.PROMOTING && mastership != null) {
            mastership.tickMachine();
        }
    }

    void tick() {
        if (cluster.time() >= nextReport) {
            nextReport = cluster.time() + REPORT;
            report();
        }
        boolean phaseOver = cluster.time() >= phaseEndsAt;
        switch (phase) {
            case LOADING -> {
                if (phaseOver) {
                    node.program().load(node.replica().changes());
                    phase = Phase.STANDBY;
                }
            }
            case STANDBY -> standby();
            case PROMOTING, SERVING -> {
                if (mastership != null) {
                    mastership.tick(phase);
                }
            }
            case DRAINED, ENDED -> {
                if (phaseOver) {
                    load();
                }
            }
            case WAITING, WITNESS, METALOGGER -> throw new IllegalStateException("adopted from the start by all");
        }
    }

    private void standby() {
        if (!node.program().running()) {
            load();
        } else if (mandate != null
                && node.id().equals(mandate.master())
                && mandate.epoch().compareTo(newest) > 0) {
            newest = mandate.epoch();
            mastership = new SimulatedMastership(cluster, node, this, random, newest, boundAtMandate);
            phase = Phase.PROMOTING;
            cluster.trace(node, "is promoted for epoch " + newest);
        } else if (random.nextInt(3) == 0) {
            node.program().replay(node.replica().changes());
        }
    }

    private void report() {
        long version = node.program().running() ? node.program().metadata().size() : -1;
        long journaled = node.replica().changes().size();
        var standing = new Standing(node.id(), phase, epoch(), version, journaled, true, null);
        for (SimulatedNode other : cluster.nodes()) {
            cluster.network().send(cluster.time(), Layer.AKKA, node, other, () -> {
                if (other.leadership() != null) {
                    other.leadership().report(standing, node);
                }
            });
        }
    }

    void mandated(Mandate told) {
        if (mandate != null && told.epoch().compareTo(mandate.epoch()) <= 0) {
            return;
        }
        mandate = told;
        LeaseWatch watch = node.replica().watch();
        OptionalLong last = watch.current().isPresent() ? watch.current() : watch.older();
        boundAtMandate = last.isPresent() ? cluster.terms().successorStart(last.getAsLong()) : Long.MIN_VALUE;
        boolean acts = phase == Phase.PROMOTING || phase == Phase.SERVING || phase == Phase.DRAINED;
        if (acts && told.epoch().compareTo(epoch()) > 0) {
            ended("epoch " + told.epoch() + " was given to " + told.master());
        }
    }

    void applied(Entry entry, Verdict verdict) {
        if (mastership != null && (phase == Phase.PROMOTING || phase == Phase.SERVING)) {
            mastership.applied(entry, verdict);
        }
    }

    void drain() {
        if (phase == Phase.SERVING && mastership != null) {
            mastership.drain();
        }
    }

    void serving() {
        phase = Phase.SERVING;
    }

    void drained() {
        enter(Phase.DRAINED, 15_000);
    }

    void ended(String reason) {
        cluster.trace(node, "ended epoch " + epoch() + ": " + reason);
        node.program().clear();
        enter(Phase.ENDED, 500);
        nextReport = 0;
    }
}
