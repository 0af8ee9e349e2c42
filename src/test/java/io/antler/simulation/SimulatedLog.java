package io.antler.simulation;

import io.antler.simulation.SimulatedNetwork.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Raft as its users see it: one order of committed entries. An entry commits when it reached the leader and the leader
 * reaches a majority; what a lost leader had not committed may survive or not.
 */
final class SimulatedLog {
    record Committed(Entry entry, long at) {}

    private final SimulatedCluster cluster;
    private final Random random;
    private final List<Committed> committed = new ArrayList<>();
    private final List<Entry> pending = new ArrayList<>();
    private @Nullable SimulatedNode leader;
    private long electionAt;

    SimulatedLog(SimulatedCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    List<Committed> committed() {
        return committed;
    }

    @Nullable
    SimulatedNode leader() {
        return leader;
    }

    void propose(SimulatedNode from, Entry entry) {
        SimulatedNode to = leader;
        if (to != null) {
            cluster.network().send(cluster.time(), Layer.RAFT, from, to, () -> {
                if (leader == to) {
                    pending.add(entry);
                }
            });
        }
    }

    void tick() {
        if (leader == null || !leads(leader)) {
            elect();
        } else {
            electionAt = 0;
            pending.forEach(entry -> {
                committed.add(new Committed(entry, cluster.time()));
                cluster.observe(entry);
            });
            pending.clear();
        }
    }

    private void elect() {
        if (electionAt == 0) {
            electionAt = cluster.time() + (1_000 + random.nextInt(1_000)) * SimulatedCluster.MILLI;
        } else if (cluster.time() >= electionAt) {
            List<SimulatedNode> able =
                    cluster.nodes().stream().filter(this::leads).toList();
            if (!able.isEmpty()) {
                leader = able.get(random.nextInt(able.size()));
                pending.removeIf(_ -> random.nextBoolean());
                cluster.trace(leader, "leads the Raft group");
            }
            electionAt = 0;
        }
    }

    private boolean leads(SimulatedNode node) {
        return node.thinks()
                && cluster.nodes().stream()
                                .filter(other ->
                                        other.thinks() && cluster.network().connected(Layer.RAFT, node, other))
                                .count()
                        > cluster.nodes().size() / 2;
    }
}
