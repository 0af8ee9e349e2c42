package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.antler.journal.transport.FaultyNetwork;
import io.antler.lab.Await;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that change while the network is parted: there are never two majorities. */
class MembershipPartitionTest {
    private static final Duration ELECTION = Duration.ofMillis(400);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    @TempDir
    Path directory = Path.of("");

    private final FaultyNetwork network = new FaultyNetwork(1);
    private final Map<NodeId, InetSocketAddress> founders = new TreeMap<>();
    private final Map<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final Map<NodeId, RaftGroup> running = new TreeMap<>();
    private long next = 1;

    MembershipPartitionTest() {
        for (int i = 1; i <= 3; i++) {
            founders.put(new NodeId("n" + i), address(i));
        }
        addresses.putAll(founders);
    }

    private static InetSocketAddress address(int number) {
        return new InetSocketAddress("10.9.1." + number, 9430);
    }

    @AfterEach
    void stop() {
        running.values().forEach(RaftGroup::close);
        network.close();
    }

    private RaftGroup start(RaftSettings settings) {
        RaftGroup started = RaftGroup.start(settings, System::nanoTime, network.at(settings.address()));
        running.put(settings.self(), started);
        return started;
    }

    private void startFounders() {
        founders.keySet()
                .forEach(node ->
                        start(new RaftSettings(node, founders, directory.resolve(node.value()), ELECTION, TIMEOUT)));
        Await.until("all are recorded", () -> running.values().stream().allMatch(RaftGroup::enrolled));
    }

    private RaftGroup join(int number) {
        var node = new NodeId("n" + number);
        addresses.put(node, address(number));
        return start(new RaftSettings(
                new Member(node, address(number), Member.Kind.VOTER),
                founders,
                directory.resolve(node.value()),
                ELECTION,
                TIMEOUT,
                new io.antler.journal.transport.Security.Plain(),
                true));
    }

    private RaftGroup leaderAmong(List<RaftGroup> nodes) {
        Await.until("a leader", () -> nodes.stream().anyMatch(node -> Await.of(node.confirmedLeader())));
        return nodes.stream()
                .filter(node -> Await.of(node.confirmedLeader()))
                .findAny()
                .orElseGet(() -> leaderAmong(nodes));
    }

    private List<RaftGroup> others(RaftGroup node) {
        return running.values().stream().filter(each -> each != node).toList();
    }

    private void isolate(RaftGroup node) {
        network.isolate(Objects.requireNonNull(addresses.get(node.self())), addresses.values());
    }

    private void append(RaftGroup node) {
        Await.of(node.append("p", Epoch.NONE, next, List.of(event("e" + next))));
        next++;
    }

    private static List<String> names(RaftGroup node) {
        return node.members().stream().map(member -> member.node().value()).toList();
    }

    private void assertOneHistory(String... members) {
        List<String> all = LongStream.range(1, next).mapToObj(i -> i + ":e" + i).toList();
        for (RaftGroup node : running.values()) {
            Await.until("members of " + node.self(), () -> names(node).equals(List.of(members)));
            Await.of(node.barrier());
            assertEquals(all, texts(Await.of(node.events("p", 1, Long.MAX_VALUE, 1000))));
        }
    }

    @Test
    void aLeaderThatIsCutOffChangesNothingWhileTheOthersTakeANewNodeIn() {
        startFounders();
        RaftGroup old = leaderAmong(List.copyOf(running.values()));
        append(old);
        List<RaftGroup> rest = others(old);

        isolate(old);
        var removal = old.remove(rest.getFirst().self()); // with it gone, two of two would be a majority
        RaftGroup leader = leaderAmong(rest);
        append(leader);
        assertThrows(OutcomeNotKnown.class, () -> Await.of(removal));
        assertFalse(Await.of(old.confirmedLeader()));
        RaftGroup fourth = join(4);
        Await.until("the fourth is a member", fourth::enrolled);
        append(fourth);
        assertFalse(Await.of(old.confirmedLeader()));
        assertEquals(List.of("n1", "n2", "n3"), names(old));

        network.heal();

        append(leaderAmong(List.copyOf(running.values())));
        assertOneHistory("n1", "n2", "n3", "n4");
    }

    /** With four members two are no majority, so neither half decides anything before they are together again. */
    @Test
    void inTwoHalvesNobodyDecidesAnythingAndTogetherAgainTheyAreTheSameFour() {
        startFounders();
        RaftGroup fourth = join(4);
        Await.until("the fourth is a member", fourth::enrolled);
        RaftGroup leader = leaderAmong(List.copyOf(running.values()));
        append(leader);
        List<RaftGroup> others = others(leader);
        List<RaftGroup> with = List.of(leader, others.get(0));
        List<RaftGroup> without = List.of(others.get(1), others.get(2));

        part(with, without);
        assertThrows(
                RuntimeException.class,
                () -> Await.of(leader.remove(without.getFirst().self())));
        assertThrows(RuntimeException.class, () -> Await.of(without.getFirst().remove(leader.self())));
        for (RaftGroup node : running.values()) {
            assertFalse(Await.of(node.confirmedLeader()), "a majority in one half: " + node.self());
            assertEquals(List.of("n1", "n2", "n3", "n4"), names(node));
        }
        assertThrows(OutcomeNotKnown.class, () -> Await.of(leader.append("q", Epoch.NONE, 1, List.of(event("lost?")))));

        network.heal();

        append(leaderAmong(List.copyOf(running.values())));
        assertOneHistory("n1", "n2", "n3", "n4");
    }

    private void part(List<RaftGroup> half, List<RaftGroup> otherHalf) {
        for (RaftGroup one : half) {
            for (RaftGroup other : otherHalf) {
                InetSocketAddress here = Objects.requireNonNull(addresses.get(one.self()));
                InetSocketAddress there = Objects.requireNonNull(addresses.get(other.self()));
                network.cut(here, there);
                network.cut(there, here);
            }
        }
    }
}
