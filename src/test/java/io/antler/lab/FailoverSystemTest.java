package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Masters that die under load, in the lab: the file system goes on, and the ledger says at what price. */
@SystemTest
class FailoverSystemTest extends InLab {
    private static final Duration FAILOVER = Duration.ofMinutes(1);
    private static final int KILLS = 4;
    private static final Duration REJOIN = Duration.ofMinutes(2);
    /** With durability async a change may be lost that the journal had not yet when the fault came. */
    private static final Duration NOT_YET_STREAMED = Duration.ofSeconds(2);

    private Cluster cluster;
    private DataFiles data;
    private Load load;

    @BeforeEach
    void startUnderLoad() {
        cluster = Cluster.start(lab);
        data = DataFiles.write(cluster.mount().resolve("data"), 4);
        load = Load.start(cluster.mount().resolve("load"), Load.Rate.STEADY);
        load.awaitServed(Instant.now().plusSeconds(2), Duration.ofSeconds(30));
    }

    /** The dead program's own file has every change that was answered; its node journals them before it gives up. */
    @Test
    void killedMastersAreReplacedOneAfterTheOtherAndLoseNothingAcknowledged() {
        long epoch = epoch();
        for (int i = 0; i < KILLS; i++) {
            cluster.master().killMaster();
            Instant fault = Instant.now();

            awaitServiceAfter(fault);
            assertTrue(epoch() > epoch);
            epoch = epoch();
            cluster.awaitStatus(REJOIN, "both other nodes hot standbys", status -> status.hotStandbys() == 2);
        }
        Ledger ledger = load.stop(Duration.ofSeconds(30));
        assertEquals(List.of(), readBack(ledger).lost());
    }

    @Test
    void aKilledJvmTakesItsMasterWithItAndAnotherNodeServes() {
        AntlerNode old = cluster.master();

        old.killJvm();
        Await.until(Duration.ofSeconds(5), "end of mfsmaster", () -> old.host()
                .processes("mfsmaster")
                .isEmpty());
        Instant fault = Instant.now();

        awaitServiceAfter(fault);
        assertNotEquals(old.id(), cluster.master().id());
        assertOnlyTheLastMomentIsMissing(fault);
        assertRejoins(old);
    }

    @Test
    void aKilledHostIsReplacedAndComesBackAsStandby() {
        AntlerNode old = cluster.master();

        Instant fault = old.host().kill();

        awaitServiceAfter(fault);
        assertNotEquals(old.id(), cluster.master().id());
        assertOnlyTheLastMomentIsMissing(fault);
        old.host().boot();
        assertRejoins(old);
    }

    @Test
    void aMasterThatWasCutOffGivesUpAndComesBackAsStandby() {
        AntlerNode old = cluster.master();

        old.host().cut();
        Instant fault = Instant.now();

        Await.until(Duration.ofSeconds(20), "address given up by " + old.id(), () -> !hasAddress(old));
        awaitServiceAfter(fault);
        assertOnlyTheLastMomentIsMissing(fault);
        old.host().heal();
        cluster.awaitStatus(
                REJOIN, old.id() + " a hot standby", status -> status.serving() && status.hotStandby(old.id()));
        assertFalse(hasAddress(old));
    }

    @Test
    void sigtermHandsOverAndLosesNothing() {
        AntlerNode old = cluster.master();

        int exitCode = old.stop(Duration.ofMinutes(1));
        Instant stopped = Instant.now();

        assertEquals(0, exitCode);
        assertEquals(List.of(), old.host().processes());
        assertFalse(hasAddress(old));
        awaitServiceAfter(stopped);
        assertNotEquals(old.id(), cluster.master().id());
        assertEquals(List.of(), readBack(load.stop(Duration.ofSeconds(30))).lost());
        assertRejoins(old);
    }

    @Test
    void afterALossOfPowerTwoNodesSufficeWithoutTheOldMaster() {
        AntlerNode old = cluster.master();
        cluster.nodes().forEach(node -> node.host().kill());
        Instant fault = Instant.now();

        for (AntlerNode node : cluster.others(old)) {
            node.host().boot();
            node.start();
        }

        awaitServiceAfter(fault);
        assertNotEquals(old.id(), cluster.master().id());
        assertOnlyTheLastMomentIsMissing(fault);
    }

    private void awaitServiceAfter(Instant fault) {
        load.awaitServed(fault, FAILOVER);
    }

    private void assertRejoins(AntlerNode node) {
        node.start();
        cluster.awaitStatus(REJOIN, node.id() + " a hot standby again", status -> status.hotStandby(node.id()));
    }

    /** What was acknowledged long before the fault, or after it, must be there. */
    private void assertOnlyTheLastMomentIsMissing(Instant fault) {
        Ledger ledger = load.stop(Duration.ofSeconds(30));
        var lost = readBack(ledger).lost();
        System.out.printf(
                "longest pause %.2f s, acknowledged %d, lost %d%n",
                ledger.longestPause().seconds(), ledger.acknowledged(), lost.size());
        List<Operation> unexplained = ledger.operations().stream()
                .filter(operation -> lost.contains(operation.file()))
                .filter(operation -> !underWay(operation, fault.minus(NOT_YET_STREAMED), fault))
                .toList();
        assertEquals(List.of(), unexplained);
    }

    private Ledger.ReadBack readBack(Ledger ledger) {
        Path fresh = cluster.freshMount();
        assertEquals(List.of(), data.verify(fresh.resolve("data")));
        var readBack = ledger.readBack(fresh.resolve("load"));
        assertEquals(List.of(), readBack.unexpected());
        return readBack;
    }

    /** Begun before the end of that time, and not answered before its beginning. */
    private static boolean underWay(Operation operation, Instant from, Instant to) {
        Instant end = operation.end();
        return !operation.begin().isAfter(to) && (end == null || !end.isBefore(from));
    }

    private static boolean hasAddress(AntlerNode node) {
        return node.host().run("ip", "-4", "address", "show", "dev", "eth0").contains(Cluster.ADDRESS + "/");
    }

    private long epoch() {
        return cluster.awaitStatus(FAILOVER, "a master", ClusterStatus::serving).epoch();
    }
}
