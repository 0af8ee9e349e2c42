package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator sees of a node, does with it by mistake, and finds after it has stopped. */
@SystemTest
class OperatorSystemTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aClusterIsSeenFromAnotherMachineAdoptsOnlyOnceAndLeavesNothingBehind() {
        try (Lab lab = Lab.open()) {
            Cluster cluster = Cluster.start(lab);
            Host desk = lab.host("desk", 50);
            AntlerNode master = cluster.master();
            ClusterStatus status = cluster.awaitStatus(LIMIT, "all is well", ClusterStatus::serving);

            for (AntlerNode node : cluster.nodes()) {
                List<String> seen = view(desk, node);
                String role = node == master ? "master" : "standby";
                for (String line : List.of(
                        "Node=" + node.id(),
                        "Role=" + role,
                        "Epoch=" + status.epoch(),
                        "Master=" + master.id(),
                        "Durability=async",
                        "MetadataId=" + status.metadataId(),
                        "health=200",
                        "ready=200")) {
                    assertTrue(seen.contains(line), () -> line + " is not in " + seen);
                }
            }

            Shell.Result again = cluster.nodes().getFirst().adopt();
            assertEquals(1, again.exitCode());
            assertTrue(again.errors().contains("already serves metadata id"), again::errors);

            AntlerNode standby = cluster.others(master).getFirst();
            assertEquals(0, standby.stop(LIMIT));
            assertEquals(List.of(), standby.host().processes());
            assertFalse(standby.host().run("nft", "list", "tables").contains("antler"));
        }
    }

    @Test
    void anMfsmasterThatSomebodyElseRunsIsNoticedAndLeftAlone() throws IOException {
        try (Lab lab = Lab.open()) {
            Host host = lab.host("n1", 1);
            AntlerNode node =
                    AntlerNode.configure(List.of(host), Cluster.ADDRESS).getFirst();
            Program foreign = BareMaster.start(host, "10.77.0.99");

            int exitCode = node.start().awaitExit(LIMIT);

            assertEquals(78, exitCode);
            assertTrue(foreign.running());
            String log = Files.readString(node.log());
            assertTrue(log.contains("it is left alone"), log);
            assertFalse(host.run("nft", "list", "tables").contains("antler"));
        }
    }

    private static List<String> view(Host desk, AntlerNode node) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return desk.run(
                        LIMIT,
                        List.of(
                                java,
                                "-cp",
                                Path.of("target/test-classes").toAbsolutePath().toString(),
                                OperatorView.class.getName(),
                                node.host().address()))
                .orThrow()
                .lines()
                .toList();
    }
}
