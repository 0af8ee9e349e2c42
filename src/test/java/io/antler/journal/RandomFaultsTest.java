package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Three real peers on a network that does its worst, again and again. A seed gives the same faults at the same times, though
 * not the same interleaving of threads; one that ever failed stays here.
 */
class RandomFaultsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final long[] ONCE_FAILED = {};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 30);

    /** Runs of which at least one must have what most have. */
    private static final int ENOUGH = 10;

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    private static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        if (only >= 0) {
            return LongStream.of(only);
        }
        long fresh = new Random().nextInt(1 << 30);
        System.out.println("random faults: fresh seeds from " + fresh);
        return LongStream.concat(
                LongStream.of(ONCE_FAILED),
                LongStream.concat(LongStream.range(0, SEEDS / 2), LongStream.range(fresh, fresh + SEEDS - SEEDS / 2)));
    }

    @Test
    void whatWasConfirmedIsThereOnceAndInOrderAndNoLeaseHasTwoHolders() {
        List<Run> runs = seeds().mapToObj(RandomFaultsTest::play).toList();

        long confirmed = runs.stream().mapToLong(Run::confirmed).sum();
        long installs = runs.stream().mapToLong(Run::installs).sum();
        long with = runs.stream().filter(run -> run.installs() > 0).count();
        System.out.println("random faults: %d runs, %d appends confirmed, %d snapshots installed in %d of the runs"
                .formatted(runs.size(), confirmed, installs, with));
        assertTrue(runs.size() < ENOUGH || installs > 0, "no node was ever given a snapshot");
    }

    /** @param installs how often a node took the leader's snapshot */
    private record Run(long confirmed, long installs) {}

    private static Run play(long seed) {
        String again = "seed " + seed + ", again: mvn test -Dtest=RandomFaultsTest -Dantler.seed=" + seed + "\n";
        Chronicle chronicle;
        long installs;
        try (var log = new LogOf(JournalSnapshots.class)) {
            chronicle = new MemoryRun(KIT).play(seed, Mutant.NONE);
            installs = log.count("journal installed from a snapshot");
        } catch (AssertionError broken) {
            throw new AssertionError(again + broken.getMessage(), broken);
        }
        List<Breach> breaches = chronicle.breaches();
        assertTrue(breaches.isEmpty(), () -> again + breaches + "\n" + MemoryRun.plan(seed));
        if (Boolean.getBoolean("antler.verbose")) {
            System.out.println("seed " + seed + ": " + chronicle.summary() + ", " + installs + " snapshots installed");
        }
        return new Run(chronicle.confirmed(), installs);
    }
}
