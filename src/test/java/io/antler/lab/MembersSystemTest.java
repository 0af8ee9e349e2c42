package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.archive.StockView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clusters whose nodes are not all alike, and not always the same. */
@SystemTest
class MembersSystemTest extends InLab {
    private static final Duration LIMIT = Duration.ofMinutes(2);

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

    @Test
    void aMetaloggerHasTheJournalWithoutAVoteAndStaysThroughAFailover() throws Exception {
        Cluster cluster = Cluster.start(lab);
        List<Host> voters = cluster.nodes().stream().map(AntlerNode::host).toList();
        AntlerNode log = cluster.with(AntlerNode.configureMetalogger(lab.host("log1", 4), voters));

        log.start();

        cluster.awaitStatus(LIMIT, "a metalogger", status -> "metalogger".equals(role(status, "log1")));
        Files.writeString(cluster.mount().resolve("before"), "x");
        AntlerNode master = cluster.master();
        ClusterStatus all = cluster.awaitStatus(
                LIMIT, "it has the master's changes", status -> isAsFarAs(status, "log1", master.id()));
        assertFalse(all.node("log1").orElseThrow().votes());
        assertEquals(3, all.nodes().stream().filter(ClusterStatus.Node::votes).count());

        master.killJvm();

        cluster.awaitStatus(
                LIMIT,
                "another one serves",
                status -> status.serving() && !master.id().equals(status.master()));
        Files.writeString(cluster.freshMount().resolve("after"), "x");
        cluster.awaitStatus(
                LIMIT,
                "it follows the next master",
                status -> status.serving() && isAsFarAs(status, "log1", String.valueOf(status.master())));
        assertEquals(0, log.host().processes("mfsmaster").size());
        Path archive = log.host().directory().resolve("antler/archive");
        cluster.awaitStatus(LIMIT, "its archive has the changes of both masters", status -> status.node("log1")
                .map(ClusterStatus.Node::journaled)
                .filter(version -> version == stored(archive))
                .isPresent());
        assertAStockMasterStartsFrom(archive);
    }

    /** On a host of its own, which is not one of the cluster. */
    private void assertAStockMasterStartsFrom(Path archive) throws IOException {
        Host spare = lab.host("spare", 51);
        MasterSettings settings = MasterSettings.write(spare);
        try (Stream<Path> files = Files.list(archive)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, settings.dataPath().resolve(file.getFileName()));
            }
        }
        Lab.giveToMfs(settings.dataPath());

        Program master = BareMaster.start(spare, settings, "-a");

        Mount mount = Mount.start(spare, "mnt", spare.address());
        assertTrue(Files.exists(mount.path().resolve("before")));
        assertTrue(Files.exists(mount.path().resolve("after")));
        mount.end();
        assertEquals(0, master.stop(LIMIT));
    }

    private static long stored(Path archive) {
        try {
            return StockView.of(archive).next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAsFarAs(ClusterStatus status, String node, String master) {
        Optional<Long> its = status.node(node).map(ClusterStatus.Node::journaled);
        return its.isPresent() && its.equals(status.node(master).map(ClusterStatus.Node::journaled));
    }

    @Test
    void aFourthNodeJoinsALiveOneIsRemovedAndTheRestBearsAFailure() throws Exception {
        Cluster cluster = Cluster.start(lab);
        AntlerNode master = cluster.master();
        AntlerNode leaving = cluster.others(master).getFirst();
        List<Host> founders = cluster.nodes().stream().map(AntlerNode::host).toList();
        Files.writeString(cluster.mount().resolve("before"), "x");
        AntlerNode fourth = cluster.with(AntlerNode.configureNewcomer(lab.host("n4", 4), founders, Cluster.ADDRESS));

        fourth.join();

        cluster.awaitStatus(
                LIMIT,
                "the fourth a hot standby with a vote",
                status -> status.hotStandby("n4")
                        && status.node("n4").orElseThrow().votes()
                        && status.joined() == 4);

        master.remove(leaving);

        assertEquals(78, leaving.awaitExit(LIMIT));
        ClusterStatus rest = cluster.awaitStatus(
                LIMIT,
                "three are left",
                status -> status.serving() && status.nodes().size() == 3);
        assertEquals(Optional.empty(), rest.node(leaving.id()));
        assertEquals(master.id(), rest.master());

        master.killJvm();

        cluster.awaitStatus(
                LIMIT,
                "another one serves",
                status -> status.serving() && !master.id().equals(status.master()));
        assertTrue(Files.exists(cluster.freshMount().resolve("before")));
    }

    private static String role(ClusterStatus status, String node) {
        return status.node(node).map(ClusterStatus.Node::role).orElse("");
    }
}
