package io.antler.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.invariant.Invariant;
import io.antler.invariant.InvariantBroken;
import io.antler.master.PromotionRule;
import io.antler.master.PromotionRule.Progress;
import io.antler.master.PromotionRule.Proof;
import io.antler.master.PromotionRule.Step;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The simulation is worth something only if it finds what is wrong: each rule left out here must show. */
class SimulationMutantsTest {
    private static final int SEEDS = 200;

    /** Left out: a new epoch's master opens only when the last lease has run out. */
    private static final PromotionOrder NEVER_WAITS = (progress, _) -> PromotionRule.next(withoutWait(progress));

    /** Waits for the lease as known when the mandate came, and fences then. */
    private static final PromotionOrder WAITS_BEFORE_THE_FENCE = (progress, boundAtMandate) ->
            progress.fence().isEmpty() && progress.underWay() == null && progress.now() < boundAtMandate
                    ? new Step.AwaitLease(boundAtMandate)
                    : PromotionRule.next(withoutWait(progress));

    /** Takes the standby as it is for what the journal has. */
    private static final PromotionOrder READS_NO_TAIL = (progress, _) -> PromotionRule.next(withoutTail(progress));

    private interface Scenario {
        void play(Faults faults);
    }

    @Test
    void aPromotionThatDoesNotWaitForTheLastLeaseIsFound() {
        assertBreachFound(
                "never waits",
                NEVER_WAITS,
                Invariant.ONE_MASTER_SPEAKS,
                faults -> faults.random(Duration.ofSeconds(40)));
    }

    @Test
    void waitingBeforeTheFenceInsteadOfAfterItIsFound() {
        assertBreachFound(
                "waits before the fence",
                WAITS_BEFORE_THE_FENCE,
                Invariant.ONE_MASTER_SPEAKS,
                faults -> faults.cutLeadershipOffFromTheMaster(3));
    }

    @Test
    void aPromotionThatDoesNotReadTheTailIsFound() {
        assertBreachFound(
                "reads no tail",
                READS_NO_TAIL,
                Invariant.NO_PROMOTION_BELOW_JOURNAL,
                faults -> faults.random(Duration.ofSeconds(40)));
    }

    private static void assertBreachFound(String mutant, PromotionOrder order, Invariant broken, Scenario scenario) {
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var cluster = new SimulatedCluster(3, random, order);
            try {
                scenario.play(new Faults(cluster, random));
            } catch (InvariantBroken breach) {
                String message = String.valueOf(breach.getMessage());
                assertTrue(message.startsWith(broken.name()), message);
                System.out.println("mutant \"" + mutant + "\", seed " + seed + ": " + message);
                return;
            }
        }
        throw new AssertionError(mutant + ": no breach within " + SEEDS + " seeds");
    }

    private static Progress withoutWait(Progress known) {
        return copy(known, known.fed(), known.expected(), Long.MIN_VALUE);
    }

    private static Progress withoutTail(Progress known) {
        Proof expected = known.proven() == null ? new Proof("", 0) : known.proven();
        return copy(known, Long.MAX_VALUE, expected, known.mayOpenAt());
    }

    private static Progress copy(Progress known, long fed, @Nullable Proof expected, long mayOpenAt) {
        return new Progress(
                known.now(),
                known.fence(),
                fed,
                known.letGo(),
                expected,
                known.proven(),
                known.inSync(),
                mayOpenAt,
                known.leaseUntil(),
                known.doorOpen(),
                known.addressTaken(),
                known.underWay());
    }
}
