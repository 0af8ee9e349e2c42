package io.antler.simulation;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Messages between machines: late, lost, cut off in one direction or both, Raft's and Akka's separately. */
final class SimulatedNetwork {
    enum Layer {
        RAFT,
        AKKA
    }

    private record Message(
            long at, long order, Layer layer, SimulatedNode from, SimulatedNode to, int life, Runnable work) {}

    private record Direction(Layer layer, int from, int to) {}

    private final Random random;
    private final Set<Direction> cut = new HashSet<>();
    private final PriorityQueue<Message> underWay =
            new PriorityQueue<>(Comparator.comparingLong(Message::at).thenComparingLong(Message::order));
    private long order;
    private double loss;
    private int delayMillis = 5;

    SimulatedNetwork(Random random) {
        this.random = random;
    }

    void send(long now, Layer layer, SimulatedNode from, SimulatedNode to, Runnable work) {
        if (from != to && random.nextDouble() < loss) {
            return;
        }
        long delay = from == to ? 0 : 1 + random.nextInt(delayMillis);
        underWay.add(new Message(now + delay * SimulatedCluster.MILLI, order++, layer, from, to, to.life(), work));
    }

    void deliver(long now) {
        while (!underWay.isEmpty() && underWay.peek().at() <= now) {
            Message message = underWay.remove();
            if (message.to().life() == message.life() && reaches(message.layer(), message.from(), message.to())) {
                message.to().receive(message.work());
            }
        }
    }

    boolean reaches(Layer layer, SimulatedNode from, SimulatedNode to) {
        return from == to || !cut.contains(new Direction(layer, from.index(), to.index()));
    }

    boolean connected(Layer layer, SimulatedNode one, SimulatedNode other) {
        return reaches(layer, one, other) && reaches(layer, other, one);
    }

    void cut(Layer layer, SimulatedNode from, SimulatedNode to, boolean cutOff) {
        var direction = new Direction(layer, from.index(), to.index());
        if (cutOff) {
            cut.add(direction);
        } else {
            cut.remove(direction);
        }
    }

    void cutBoth(SimulatedNode one, SimulatedNode other, boolean cutOff) {
        for (Layer layer : Layer.values()) {
            cut(layer, one, other, cutOff);
            cut(layer, other, one, cutOff);
        }
    }

    void quality(double lossRate, int maxDelayMillis) {
        loss = lossRate;
        delayMillis = maxDelayMillis;
    }

    void heal() {
        cut.clear();
        quality(0, 5);
    }
}
