package io.antler.simulation;

import io.antler.simulation.SimulatedNetwork.Layer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What goes wrong, and when it is over again. */
final class Faults {
    private record End(long at, Runnable work) {}

    private final SimulatedCluster cluster;
    private final Random random;
    private final List<End> ends = new ArrayList<>();

    Faults(SimulatedCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** One every three seconds or so, of any kind, overlapping. */
    void random(Duration length) {
        long end = cluster.time() + length.toNanos();
        while (cluster.time() < end) {
            endThoseDue();
            if (random.nextInt(300) == 0) {
                inject();
            }
            cluster.tick();
        }
    }

    /** Again and again: Leadership and the master do not hear each other, Raft goes on through the third node. */
    void cutLeadershipOffFromTheMaster(int times) {
        for (int i = 0; i < times; i++) {
            cluster.tickUntil(() -> cluster.speaking().size() == 1, Duration.ofSeconds(20));
            cluster.run(Duration.ofMillis(1_500 + random.nextInt(2_000)));
            List<SimulatedNode> speaking = cluster.speaking();
            if (!speaking.isEmpty()) {
                SimulatedNode master = speaking.getFirst();
                SimulatedNode leading = cluster.leading();
                cluster.trace(leading, "and " + master + ", the master, do not hear each other any more");
                cluster.network().cutBoth(leading, master, true);
                cluster.run(Duration.ofSeconds(8));
                cluster.network().cutBoth(leading, master, false);
            }
        }
    }

    private void endThoseDue() {
        List<End> due = ends.stream().filter(end -> end.at() <= cluster.time()).toList();
        ends.removeAll(due);
        due.forEach(end -> end.work().run());
    }

    private void until(int maxMillis, Runnable work) {
        ends.add(new End(cluster.time() + (100 + random.nextInt(maxMillis)) * SimulatedCluster.MILLI, work));
    }

    private void inject() {
        SimulatedNode node = random.nextBoolean() || cluster.speaking().isEmpty()
                ? any()
                : cluster.speaking().getFirst();
        SimulatedNode other = cluster.nodes()
                .get((node.index() + 1 + random.nextInt(2)) % cluster.nodes().size());
        switch (random.nextInt(11)) {
            case 0 -> crash(node, true);
            case 1 -> crash(node, false);
            case 2 -> {
                cluster.trace(node, "mfsmaster killed");
                node.program().kill();
            }
            case 3, 4 -> {
                node.freeze(true);
                until(5_000, () -> node.freeze(false));
            }
            case 5 -> {
                cluster.trace(node, "cut off");
                cluster.nodes().stream().filter(peer -> peer != node).forEach(peer -> cut(node, peer, 8_000));
            }
            case 6 -> {
                cluster.trace(node, "and " + other + " cut from each other");
                cut(node, other, 8_000);
            }
            case 7 -> oneWay(node, other);
            case 8 -> {
                SimulatedNode leading = cluster.leading();
                if (leading != node) {
                    cluster.trace(leading, "Leadership cut off from " + node);
                    cut(leading, node, 8_000);
                }
            }
            case 9 -> {
                cluster.network().quality(random.nextDouble() * 0.3, 1 + random.nextInt(400));
                until(6_000, () -> cluster.network().quality(0, 5));
            }
            default -> {
                if (random.nextBoolean()) {
                    cluster.moveLeadership(node);
                } else if (node.host() != null && node.thinks()) {
                    node.host().drain();
                }
            }
        }
    }

    private void crash(SimulatedNode node, boolean machine) {
        if (node.alive()) {
            node.crash(machine);
            until(random.nextInt(4) == 0 ? 600 : 9_000, node::start);
        }
    }

    private void cut(SimulatedNode one, SimulatedNode other, int maxMillis) {
        cluster.network().cutBoth(one, other, true);
        until(maxMillis, () -> cluster.network().cutBoth(one, other, false));
    }

    private void oneWay(SimulatedNode from, SimulatedNode to) {
        cluster.trace(from, "does not reach " + to);
        for (Layer layer : Layer.values()) {
            cluster.network().cut(layer, from, to, true);
            until(8_000, () -> cluster.network().cut(layer, from, to, false));
        }
    }

    private SimulatedNode any() {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }
}
