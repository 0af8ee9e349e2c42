package io.antler.journal;

import io.antler.journal.Observation.SideGivenUp;
import io.antler.journal.Observation.SideHeld;
import java.util.Random;

/** Wants a side lease for its node again and again: takes it when it is free or has run out, keeps it, gives it back. */
final class SideContender {
    private final Client client;
    private final String name;
    private final NodeId node;
    private final LeaseTerms terms;
    private final Random random;
    private long turn;

    /** @param terms {@code length} is how long one renewal lasts */
    SideContender(Client client, String name, NodeId node, LeaseTerms terms, Random random) {
        this.client = client;
        this.name = name;
        this.node = node;
        this.terms = terms;
        this.random = random;
    }

    void run() {
        while (!client.over()) {
            Peer peer = client.peers().get(node);
            if (peer.ask(new Request.LookAtSideLease(name)).join() instanceof Answer.SideSeen seen && mayTake(seen)) {
                long ranOut = seen.owner().isEmpty() || seen.owner().equals(node.value()) ? -1 : seen.turn();
                if (won(peer, new Request.TakeSideLease(name, node.value(), ranOut))) {
                    keep();
                }
            }
            client.pause(10 + random.nextInt(100));
        }
    }

    private boolean mayTake(Answer.SideSeen seen) {
        return seen.owner().isEmpty()
                || seen.owner().equals(node.value())
                || seen.now() - terms.successorStart(seen.at()) >= 0;
    }

    private void keep() {
        boolean held = true;
        for (int renewals = random.nextInt(12); held && renewals > 0 && !client.over(); renewals--) {
            client.pause(terms.renewInterval().toMillis());
            held = won(client.peers().get(node), new Request.RenewSideLease(name, node.value()));
        }
        giveUp();
        if (random.nextInt(3) > 0) {
            client.ask(node, new Request.ReleaseSideLease(name, node.value(), turn));
        }
    }

    private void giveUp() {
        client.chronicle()
                .add(new SideGivenUp(name, node.value(), client.peers().now()));
    }

    private boolean won(Peer peer, Request request) {
        if (!(peer.ask(request).join() instanceof Answer.SideTaken(long sentAt, long taken))) {
            return false;
        }
        turn = taken;
        long from = client.peers().now();
        long until = peer.trueTime(terms.holderEnd(sentAt));
        if (until - from > 0) {
            client.chronicle().add(new SideHeld(name, node.value(), from, until));
        }
        return true;
    }
}
