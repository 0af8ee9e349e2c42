package io.antler.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.master.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whole failovers under any faults. Each seed is one run, the same every time; one that ever failed stays here. */
class SimulationTest {
    private static final long[] ONCE_FAILED = {};
    private static final int FIXED = 200;
    private static final int FRESH = Integer.getInteger("antler.simulation.seeds", 50);
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    @Test
    void neverTwoMastersSpeakAndInTheEndOneDoes() {
        LongStream.of(ONCE_FAILED).forEach(SimulationTest::underRandomFaults);
        int openings = (int) LongStream.range(0, FIXED)
                .map(SimulationTest::underRandomFaults)
                .sum();
        assertTrue(openings > 2 * FIXED, "only " + openings + " promotions: the faults do not bite");

        long first = new Random().nextLong();
        System.out.println("simulation: fresh seeds from " + first);
        LongStream.range(first, first + FRESH).forEach(SimulationTest::underRandomFaults);
    }

    @Test
    void neverTwoMastersSpeakWhenOnlyLeadershipIsCutOffFromTheMaster() {
        LongStream.range(0, FIXED)
                .forEach(seed -> run(seed, (cluster, faults) -> faults.cutLeadershipOffFromTheMaster(3)));
    }

    private static int underRandomFaults(long seed) {
        return run(seed, (_, faults) -> faults.random(Duration.ofSeconds(40)));
    }

    private interface Scenario {
        void play(SimulatedCluster cluster, Faults faults);
    }

    private static int run(long seed, Scenario scenario) {
        var random = new Random(seed);
        var cluster = new SimulatedCluster(3, random, PromotionOrder.REAL);
        try {
            scenario.play(cluster, new Faults(cluster, random));
            cluster.heal();
            endsWithOneMaster(cluster);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("seed " + seed + ": " + broken.getMessage() + "\n" + cluster.story(), broken);
        }
        return cluster.openings();
    }

    /** With every change the journal has, and it stays. */
    private static void endsWithOneMaster(SimulatedCluster cluster) {
        cluster.run(Duration.ofSeconds(5));
        assertTrue(
                cluster.tickUntil(() -> cluster.speaking().size() == 1, RECOVERY), "no master after the faults ended");
        cluster.tickUntil(() -> settled(cluster), RECOVERY);
        cluster.run(Duration.ofSeconds(5));

        assertTrue(settled(cluster), "the master did not stay");
        var master = cluster.speaking().getFirst();
        var journaled = cluster.journal().changes();
        assertEquals(journaled, master.program().metadata().subList(0, journaled.size()));
    }

    /** One that could not store any more would not count. */
    private static boolean settled(SimulatedCluster cluster) {
        List<SimulatedNode> speaking = cluster.speaking();
        SimulatedHost host = speaking.size() == 1 ? speaking.getFirst().host() : null;
        return host != null
                && host.phase() == Phase.SERVING
                && host.epoch().equals(cluster.journal().changesFence().epoch());
    }
}
