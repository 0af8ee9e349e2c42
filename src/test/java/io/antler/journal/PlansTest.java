package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The plans of the seeds that every build runs have every fault in them, and pauses that outlast a lease. */
class PlansTest {
    @Test
    void theRunsInOneJvmHaveAllFaultsAndAPeerThatSleepsLongerThanItsLease() {
        var plans = LongStream.range(0, 15).mapToObj(MemoryRun::plan).toList();

        var deeds = plans.stream()
                .flatMap(plan -> plan.steps().stream().map(FaultPlan.Step::deed))
                .collect(Collectors.toSet());
        assertEquals(EnumSet.allOf(FaultPlan.Deed.class), deeds);
        assertTrue(plans.stream().anyMatch(PlansTest::sleepsLong));
    }

    /** Nothing else wakes it: the next step for the same peer is THAW. */
    private static boolean sleepsLong(FaultPlan plan) {
        return plan.steps().stream()
                .filter(step -> step.deed() == FaultPlan.Deed.FREEZE)
                .anyMatch(freeze -> plan.steps().stream()
                        .filter(step -> step.node().equals(freeze.node())
                                && step.atMillis() > freeze.atMillis()
                                && (step.deed() == FaultPlan.Deed.THAW || step.deed() == FaultPlan.Deed.STOP))
                        .findFirst()
                        .filter(end -> end.atMillis() - freeze.atMillis()
                                > MemoryGroup.LEASE.length().toMillis())
                        .isPresent());
    }

    @Test
    void theRunsInThreeJvmsHaveAllFaultsAndAProcessThatSleepsLongerThanItsLease() {
        var plans = LongStream.range(0, 6)
                .mapToObj(seed -> KillPlan.random(new Random(seed), MemoryGroup.NODES, ProcessKillTest.ROUNDS))
                .toList();
        var rounds = plans.stream().flatMap(plan -> plan.rounds().stream()).toList();

        var deeds = rounds.stream()
                .flatMap(round -> round.steps().stream().map(KillPlan.Step::deed))
                .collect(Collectors.toSet());
        assertEquals(EnumSet.allOf(KillPlan.Deed.class), deeds);
        assertTrue(rounds.stream().anyMatch(PlansTest::sleepsLong));
    }

    private static boolean sleepsLong(KillPlan.Round round) {
        return round.steps().stream()
                .filter(step -> step.deed() == KillPlan.Deed.FREEZE)
                .anyMatch(freeze -> round.steps().stream()
                        .filter(step -> step.node().equals(freeze.node())
                                && step.atMillis() > freeze.atMillis()
                                && step.deed() != KillPlan.Deed.FREEZE)
                        .findFirst()
                        .filter(end -> end.deed() == KillPlan.Deed.THAW
                                && end.atMillis() - freeze.atMillis()
                                        > JournalPeerMain.LEASE.length().toMillis())
                        .isPresent());
    }
}
