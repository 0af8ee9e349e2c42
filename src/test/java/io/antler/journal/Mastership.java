package io.antler.journal;

import io.antler.journal.Observation.Opened;
import io.antler.journal.Observation.Silent;
import java.util.Random;

/** One epoch on one node, as a master lives it: fence, tail, lease, events, until it is refused. */
final class Mastership {
    private static final int TAIL = 20;

    private final Client client;
    private final String persistenceId;
    private final NodeId node;
    private final long epoch;
    private final LeaseHolder holder;
    private final Random random;

    Mastership(Client client, String persistenceId, NodeId node, long epoch, LeaseHolder holder, Random random) {
        this.client = client;
        this.persistenceId = persistenceId;
        this.node = node;
        this.epoch = epoch;
        this.holder = holder;
        this.random = random;
    }

    void run(int maxPauseMillis) {
        long begin = client.peers().now();
        Peer peer = client.peers().get(node);
        if (peer.ask(new Request.TakeOver(persistenceId, epoch)).join()
                instanceof Answer.Fenced(long highest, long mayOpenAt)) {
            fenced(peer, highest, mayOpenAt, begin);
            var writer = new Writer(client, persistenceId, epoch, "e" + epoch, () -> node, random);
            Runnable silence = holder.hold(client, peer, persistenceId, epoch, writer::stop);
            writer.write(highest + 1, maxPauseMillis, random.nextInt(4) == 0 ? 1 + random.nextInt(60) : Long.MAX_VALUE);
            silence.run();
            release();
        }
    }

    private void fenced(Peer peer, long highest, long mayOpenAt, long begin) {
        long fenced = client.peers().now();
        client.chronicle().add(new Observation.TakeOver(node.value(), persistenceId, epoch, highest, begin, fenced));
        long opens = mayOpenAt == Long.MIN_VALUE ? fenced : Math.max(fenced, peer.trueTime(mayOpenAt));
        client.chronicle().add(new Opened(node.value(), persistenceId, epoch, opens));
        var _ = client.read(node, persistenceId, Math.max(1, highest - TAIL), begin, false);
    }

    /** Whatever of its renewals is still on its way: it counts on none any more. */
    private void release() {
        if (random.nextInt(3) > 0) {
            client.chronicle()
                    .add(new Silent(
                            node.value(), persistenceId, epoch, client.peers().now()));
            client.ask(node, new Request.Release(persistenceId, epoch));
        }
    }
}
