package io.antler.simulation;

import io.antler.journal.Epoch;
import io.antler.journal.Fence.Verdict;
import io.antler.journal.NodeId;
import io.antler.leadership.AppointmentRule;
import io.antler.leadership.AppointmentRule.Decision;
import io.antler.leadership.Hearings;
import io.antler.leadership.LeadershipSettings;
import io.antler.master.Mandate;
import io.antler.master.Standing;
import io.antler.simulation.SimulatedNetwork.Layer;
import org.jspecify.annotations.Nullable;

/** The singleton, with the real rule and the real hearings. Two of them may run; each believes what it stored itself. */
final class SimulatedLeadership {
    private static final long PERSIST_TIMEOUT = 2_000 * SimulatedCluster.MILLI;

    private final SimulatedCluster cluster;
    private final SimulatedNode node;
    private final LeadershipSettings settings;
    private Hearings hearings;
    private Epoch epoch = Epoch.NONE;
    private @Nullable NodeId master;
    private long sequenceNr;
    private Entry.@Nullable Appointed storing;
    private long storingSince;
    private long nextTick;

    SimulatedLeadership(SimulatedCluster cluster, SimulatedNode node) {
        this.cluster = cluster;
        this.node = node;
        this.settings = cluster.settings(node.id());
        this.hearings = new Hearings(settings.silence(), node.now());
        recover();
    }

    /** From this node's replica, which may lag: the sequence number shows it at the next event. */
    private void recover() {
        Entry.Appointed last = node.replica().appointed();
        epoch = last == null ? Epoch.NONE : last.epoch();
        master = last == null ? null : last.node();
        sequenceNr = node.replica().appointments();
        storing = null;
        hearings = new Hearings(settings.silence(), node.now());
    }

    void report(Standing standing, SimulatedNode from) {
        hearings.heard(standing, epoch, node.now());
        tell(from);
        decide();
    }

    private void tell(SimulatedNode to) {
        var mandate = new Mandate(epoch, master, SimulatedCluster.METADATA_ID, 0, "00", to.id(), false);
        cluster.network().send(cluster.time(), Layer.AKKA, node, to, () -> {
            if (to.host() != null) {
                to.host().mandated(mandate);
            }
        });
    }

    void tick() {
        if (cluster.time() >= nextTick) {
            nextTick = cluster.time() + settings.reportInterval().toNanos();
            decide();
        }
    }

    private void decide() {
        if (storing != null) {
            if (cluster.time() - storingSince > PERSIST_TIMEOUT) {
                recover();
            }
            return; // what comes meanwhile waits, as in a persistent actor
        }
        var view = hearings.view(true, false, epoch, master, node.now());
        if (AppointmentRule.decide(view, settings) instanceof Decision.Appoint appoint) {
            cluster.trace(node, "appoints " + appoint.node() + " for epoch " + epoch.next() + ": " + appoint.reason());
            storing = new Entry.Appointed(cluster.nextId(), sequenceNr + 1, epoch.next(), appoint.node());
            storingSince = cluster.time();
            cluster.log().propose(node, storing);
        }
    }

    void applied(Entry entry, Verdict verdict) {
        if (!entry.equals(storing)) {
            return;
        }
        if (verdict instanceof Verdict.Accepted) {
            epoch = storing.epoch();
            master = storing.node();
            sequenceNr = storing.sequenceNr();
            storing = null;
            hearings.appointed(node.now());
            cluster.nodes().forEach(this::tell);
        } else {
            cluster.trace(node, "another Leadership was faster: " + verdict);
            recover();
        }
    }
}
