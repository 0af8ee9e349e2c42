package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Clusters whose nodes are not all alike, and not always the same. */
@SystemTest
class MembersSystemTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Lab lab = Lab.open();

    @AfterEach
    void removeLab(TestInfo test) {
        try (lab) {
            lab.saveLogs(test.getTestMethod().orElseThrow().getName());
        }
    }

    @Test
    void twoNodesAndAWitnessBearTheLossOfTheMaster() throws Exception {
        Cluster cluster = Cluster.startWithWitness(lab);
        AntlerNode witness = cluster.node("n3");
        cluster.awaitStatus(LIMIT, "a witness", status -> "witness".equals(role(status, "n3")));
        Files.writeString(cluster.mount().resolve("before"), "x");
        AntlerNode master = cluster.master();

        master.killJvm();

        AntlerNode next = cluster.others(master).getFirst();
        cluster.awaitStatus(
                LIMIT,
                "the other one serves",
                status -> status.serving() && next.id().equals(status.master()));
        Path fresh = cluster.freshMount();
        assertTrue(Files.exists(fresh.resolve("before")));
        assertEquals(0, witness.host().processes("mfsmaster").size());
    }

    @Test
    void aNodeThatLostItsDiskIsReplacedAndThenBecomesMaster() throws Exception {
        Cluster cluster = Cluster.start(lab);
        AntlerNode master = cluster.master();
        AntlerNode lost = cluster.others(master).getFirst();
        AntlerNode third = cluster.others(master).getLast();
        assertEquals(0, lost.stop(LIMIT));

        lost.startAnew();

        cluster.awaitStatus(LIMIT, "the replaced one a hot standby", status -> status.hotStandby(lost.id()));
        Files.writeString(cluster.mount().resolve("before"), "x");
        assertEquals(0, third.stop(LIMIT));
        cluster.awaitStatus(LIMIT, "two nodes", status -> status.joined() == 2);
        master.killMaster();
        cluster.awaitStatus(
                LIMIT,
                "the replaced one serves",
                status -> status.serving() && lost.id().equals(status.master()));
        assertTrue(Files.exists(cluster.freshMount().resolve("before")));
    }

    private static String role(ClusterStatus status, String node) {
        return status.node(node).map(ClusterStatus.Node::role).orElse("");
    }
}
