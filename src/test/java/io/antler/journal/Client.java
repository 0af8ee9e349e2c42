package io.antler.journal;

import io.antler.journal.Observation.Outcome;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks peers and writes down what it came to. Blocks its caller. */
final class Client {
    private final Peers peers;
    private final Chronicle chronicle;
    private final CountDownLatch end;

    /** @param end counted down when the run is over */
    Client(Peers peers, Chronicle chronicle, CountDownLatch end) {
        this.peers = peers;
        this.chronicle = chronicle;
        this.end = end;
    }

    Peers peers() {
        return peers;
    }

    Chronicle chronicle() {
        return chronicle;
    }

    boolean over() {
        return end.getCount() == 0;
    }

    /** Waits, but not beyond the end of the run. */
    void pause(long millis) {
        try {
            var _ = end.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    Answer ask(NodeId node, Request request) {
        return peers.get(node).ask(request).join();
    }

    Answer append(NodeId node, String persistenceId, long writer, long first, List<String> texts) {
        long begin = peers.now();
        Answer answer = ask(node, new Request.Append(persistenceId, writer, first, texts));
        chronicle.add(new Observation.Append(
                node.value(), persistenceId, writer, first, texts, outcome(answer), begin, peers.now()));
        return answer;
    }

    private static Outcome outcome(Answer answer) {
        return switch (answer) {
            case Answer.Refused _, Answer.Misplaced _ -> Outcome.REFUSED;
            case Answer.NotKnown _ -> Outcome.NOT_KNOWN;
            case Answer _ -> Outcome.CONFIRMED;
        };
    }

    void delete(NodeId node, String persistenceId, long last) {
        long begin = peers.now();
        Answer answer = ask(node, new Request.DeleteTo(persistenceId, last));
        chronicle.add(new Observation.Delete(node.value(), persistenceId, last, outcome(answer), begin, peers.now()));
    }

    /** @return highest sequence number after a barrier; nothing when the node does not answer */
    OptionalLong read(NodeId node, String persistenceId, long first) {
        return read(node, persistenceId, first, peers.now(), true);
    }

    /** Without a barrier: what the node has now. */
    void glance(NodeId node, String persistenceId, long first) {
        if (ask(node, new Request.Read(persistenceId, first, false))
                instanceof Answer.Events(long highest, List<Answer.Event> events)) {
            chronicle.add(new Observation.Glance(node.value(), persistenceId, first, highest, events, peers.now()));
        }
    }

    /** @param begin when what must be there was asked for: a fence is a barrier as well */
    OptionalLong read(NodeId node, String persistenceId, long first, long begin, boolean barrier) {
        if (ask(node, new Request.Read(persistenceId, first, barrier))
                instanceof Answer.Events(long highest, List<Answer.Event> events)) {
            chronicle.add(
                    new Observation.Read(node.value(), persistenceId, first, highest, events, begin, peers.now()));
            return OptionalLong.of(highest);
        }
        return OptionalLong.empty();
    }

    /** As {@link #read}, again and again until the node answers or the run is over. */
    OptionalLong readAtLast(NodeId node, String persistenceId, long first) {
        OptionalLong highest = OptionalLong.empty();
        while (highest.isEmpty() && !over()) {
            highest = read(node, persistenceId, first);
            if (highest.isEmpty()) {
                pause(10);
            }
        }
        return highest;
    }
}
