package io.antler.journal;

import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Appends one batch after the other until its epoch is refused. After anything else it reads where it is, and goes on. */
final class Writer {
    private final Client client;
    private final String persistenceId;
    private final long epoch;
    private final String name;
    private final Supplier<NodeId> node;
    private final Random random;
    private int count;
    private volatile boolean stopped;

    /**
     * @param epoch 0: not fenced
     * @param name no other writer of this run has it
     * @param node through which to write the next batch
     */
    Writer(Client client, String persistenceId, long epoch, String name, Supplier<NodeId> node, Random random) {
        this.client = client;
        this.persistenceId = persistenceId;
        this.epoch = epoch;
        this.name = name;
        this.node = node;
        this.random = random;
    }

    void stop() {
        stopped = true;
    }

    /** @param batches how many at most */
    void write(long first, int maxPauseMillis, long batches) {
        long next = first;
        for (long left = batches; left > 0 && !stopped && !client.over(); left--) {
            List<String> texts = IntStream.rangeClosed(0, random.nextInt(4))
                    .mapToObj(_ -> name + "." + count++)
                    .toList();
            NodeId through = node.get();
            switch (client.append(through, persistenceId, epoch, next, texts)) {
                case Answer.Refused _ -> {
                    return;
                }
                case Answer.Misplaced _, Answer.NotKnown _ -> {
                    client.pause(1 + random.nextInt(10));
                    OptionalLong highest = client.readAtLast(node.get(), persistenceId, Math.max(1, next - 5));
                    if (highest.isEmpty()) {
                        return;
                    }
                    next = highest.getAsLong() + 1;
                }
                case Answer _ -> next += texts.size();
            }
            client.pause(random.nextInt(maxPauseMillis + 1));
        }
    }
}
