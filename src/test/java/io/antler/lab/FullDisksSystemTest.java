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

/** A cluster whose nodes have their data on real, small file systems. */
@SystemTest
class FullDisksSystemTest extends InLab {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int DISK_MIB = 256;

    /** The lease cannot be renewed, so the mastership ends; with room again another one begins, on the same processes. */
    @Test
    void whenAMajorityIsFullServiceEndsAndWithRoomAgainItGoesOnWithoutARestart() throws IOException {
        Cluster cluster = Cluster.startOnSmallDisks(lab, DISK_MIB);
        Files.writeString(cluster.mount().resolve("before"), "x");
        AntlerNode master = cluster.master();
        AntlerNode standby = cluster.others(master).getFirst();
        long epoch =
                cluster.awaitStatus(LIMIT, "a master", ClusterStatus::serving).epoch();
        Await.until(LIMIT, "the change is everywhere", () -> cluster.nodes().stream()
                .allMatch(
                        node -> node.status().filter(FullDisksSystemTest::even).isPresent()));

        standby.host().smallDisk().fill();
        cluster.awaitStatus(LIMIT, "an alarm, and service", status -> status.serving() && isFull(status, standby));
        master.host().smallDisk().fill();
        Await.until(LIMIT, "the mastership has ended", () -> !hasAddress(master));

        for (AntlerNode full : List.of(master, standby)) {
            full.host().smallDisk().free();
        }

        cluster.awaitStatus(LIMIT, "served again", status -> status.serving() && status.epoch() > epoch);
        Path fresh = cluster.freshMount();
        assertTrue(Files.exists(fresh.resolve("before")));
        Files.writeString(fresh.resolve("after"), "y");
        ClusterStatus last =
                cluster.awaitStatus(LIMIT, "two hot standbys", status -> status.serving() && status.hotStandbys() == 2);
        assertEquals(
                List.of(),
                last.nodes().stream()
                        .flatMap(node -> node.alarms().stream())
                        .filter(alarm -> alarm.startsWith("disk-")) // the full master may have orphans
                        .toList());
        for (AntlerNode node : cluster.nodes()) {
            assertFalse(Files.readString(node.log()).contains("runner: ended"), "restarted: " + node.id());
        }
    }

    private static boolean hasAddress(AntlerNode node) {
        return node.host().run("ip", "-4", "address", "show", "dev", "eth0").contains(Cluster.ADDRESS + "/");
    }

    private static boolean even(ClusterStatus status) {
        return status.serving()
                && status.nodes().stream()
                                .map(ClusterStatus.Node::journaled)
                                .distinct()
                                .count()
                        == 1;
    }

    private static boolean isFull(ClusterStatus status, AntlerNode node) {
        return status.node(node.id()).orElseThrow().alarms().stream()
                .anyMatch(alarm -> alarm.startsWith("disk-full: "));
    }
}
