package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.transport.FaultyNetwork;
import io.antler.journal.transport.FaultyNetwork.Faults;
import io.antler.lab.Await;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three peers on a network in this JVM. */
class InMemoryGroupTest {
    private static final Duration ELECTION = Duration.ofMillis(400);

    private final Map<NodeId, InetSocketAddress> members = new TreeMap<>();

    @Test
    void theGroupWorksThroughDelayLossAndAPartition(@TempDir Path directory) {
        for (int i = 1; i <= 3; i++) {
            members.put(new NodeId("n" + i), new InetSocketAddress("10.9.0." + i, 9430));
        }
        List<RaftGroup> group = new ArrayList<>();
        try (var network = new FaultyNetwork(1)) {
            try {
                members.forEach((node, address) -> group.add(RaftGroup.start(
                        new RaftSettings(
                                node, members, directory.resolve(node.value()), ELECTION, Duration.ofSeconds(30)),
                        System::nanoTime,
                        network.at(address))));
                worksThroughFaults(network, group);
            } finally {
                group.forEach(RaftGroup::close);
            }
        }
    }

    private void worksThroughFaults(FaultyNetwork network, List<RaftGroup> group) {
        Await.of(group.getFirst().append("a", Epoch.NONE, 1, List.of(event("1"))));

        network.faults(new Faults(0.01, 0.02, 0.02, Duration.ZERO, Duration.ofMillis(3)));
        for (int i = 2; i <= 50; i++) {
            Await.of(group.get(i % 3).append("a", Epoch.NONE, i, List.of(event("" + i))));
        }
        network.faults(Faults.NONE);
        RaftGroup old = leader(group);
        network.isolate(Objects.requireNonNull(members.get(old.self())), members.values());
        Await.until("another one leads", () -> group.stream()
                .anyMatch(node -> node != old && Await.of(node.confirmedLeader())));
        network.heal();
        Await.of(old.append("a", Epoch.NONE, 51, List.of(event("51"))));

        List<String> all =
                LongStream.rangeClosed(1, 51).mapToObj(i -> i + ":" + i).toList();
        for (RaftGroup node : group) {
            Await.of(node.barrier());
            assertEquals(all, texts(Await.of(node.events("a", 1, Long.MAX_VALUE, 100))));
        }
    }

    private static RaftGroup leader(List<RaftGroup> group) {
        Await.until("a leader", () -> group.stream().anyMatch(node -> Await.of(node.confirmedLeader())));
        return group.stream()
                .filter(node -> Await.of(node.confirmedLeader()))
                .findAny()
                .orElseGet(() -> leader(group));
    }
}
