package io.antler.journal;

import io.antler.journal.Observation.Held;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does what {@link MastershipLease} does, but counts from when the peer itself sent the renewal: a process that is frozen
 * between looking at its clock and sending is found only so.
 */
record LoopHolder(LeaseTerms terms) implements LeaseHolder {
    @Override
    public Runnable hold(Client client, Peer peer, String persistenceId, long epoch, Runnable refused) {
        var stopped = new AtomicBoolean();
        var _ = Thread.startVirtualThread(() -> {
            while (!client.over() && !stopped.get()) {
                renew(client, persistenceId, peer.node(), epoch, refused);
                client.pause(terms.renewInterval().toMillis());
            }
        });
        return () -> stopped.set(true);
    }

    /** Does not wait for the renewal before; the peer may have been restarted since. */
    private void renew(Client client, String persistenceId, NodeId node, long epoch, Runnable refused) {
        Peer peer = client.peers().get(node);
        var _ = peer.ask(new Request.Renew(persistenceId, epoch)).thenAccept(answer -> {
            switch (answer) {
                case Answer.Renewed(long sentAt) ->
                    client.chronicle()
                            .add(new Held(
                                    node.value(),
                                    persistenceId,
                                    epoch,
                                    peer.trueTime(sentAt),
                                    peer.trueTime(terms.holderEnd(sentAt))));
                case Answer.Refused _ -> refused.run();
                case Answer _ -> {}
            }
        });
    }
}
