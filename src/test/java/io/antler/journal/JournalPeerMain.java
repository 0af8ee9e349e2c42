package io.antler.journal;

import io.antler.kernel.BootClock;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * One peer in a JVM of its own. Arguments: its node id, its directory, then {@code node=port} of each member, all on
 * loopback. Questions come by standard input, answers go by standard output, in any order; when the input ends it closes the
 * journal and exits.
 */
final class JournalPeerMain {
    static final LeaseTerms LEASE = new LeaseTerms(Duration.ofMillis(600), Duration.ofMillis(150), 0.01);

    private static final Duration ELECTION = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final RaftSettings.Snapshots SNAPSHOTS =
            new RaftSettings.Snapshots(Duration.ofMillis(200), 64 << 10);
    private static final int FAILED = 3;

    record Question(long id, Request request) implements Serializable {}

    /** @param id 0: the peer has started */
    record Answered(long id, Answer answer) implements Serializable {}

    private JournalPeerMain() {}

    public static void main(String[] args) throws IOException, ClassNotFoundException {
        var out = new ObjectOutputStream(new BufferedOutputStream(System.out, 1 << 16));
        System.setOut(System.err); // what libraries print must not come between the answers
        var clock = new BootClock();
        RaftGroup group = RaftGroup.start(settings(args), clock);
        group.onFailure(failure -> {
            System.err.println("the peer failed: " + failure);
            Runtime.getRuntime().halt(FAILED);
        });
        var peer =
                new LocalPeer(group, LEASE, clock, reading -> reading, () -> CompletableFuture.completedFuture(null));
        send(out, new Answered(0, new Answer.Done()));
        try (var in = new ObjectInputStream(System.in)) {
            while (true) {
                var question = (Question) in.readObject();
                var _ = peer.ask(question.request())
                        .thenAccept(answer -> send(out, new Answered(question.id(), answer)));
            }
        } catch (EOFException ended) {
            group.close();
        }
    }

    private static RaftSettings settings(String[] args) {
        Map<NodeId, InetSocketAddress> members = Arrays.stream(args)
                .skip(2)
                .map(member -> member.split("=", 2))
                .collect(Collectors.toMap(
                        member -> new NodeId(member[0]),
                        member ->
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(member[1]))));
        return new RaftSettings(new NodeId(args[0]), members, Path.of(args[1]), ELECTION, TIMEOUT).with(SNAPSHOTS);
    }

    private static synchronized void send(ObjectOutputStream out, Answered answered) {
        try {
            out.writeObject(answered);
            out.reset(); // else it would remember every object it ever wrote
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
