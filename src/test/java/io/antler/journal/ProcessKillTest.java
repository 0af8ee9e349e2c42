package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.SystemTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three real processes that are killed and frozen at any instant while they are used. A seed gives the same plan each time, though
 * not the same instants; one that ever failed stays here.
 */
@SystemTest
class ProcessKillTest {
    private static final long[] ONCE_FAILED = {};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 6);
    static final int ROUNDS = 4;

    private static final Workload.Tempo TEMPO = new Workload.Tempo(
            new LoopHolder(JournalPeerMain.LEASE),
            new LeaseTerms(Duration.ofMillis(900), Duration.ofMillis(250), 0.01),
            1_500,
            4);

    private static final LongAdder INSTALLS = new LongAdder();

    @TempDir
    Path directory = Path.of("");

    static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        return only >= 0
                ? LongStream.of(only)
                : LongStream.concat(LongStream.of(ONCE_FAILED), LongStream.range(0, SEEDS));
    }

    @AfterAll
    static void aNodeThatWasAwayWasGivenASnapshot() {
        assertTrue(seeds().count() < SEEDS || INSTALLS.sum() > 0, "no node was ever given a snapshot");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasConfirmedIsThereOnceAndInOrderWhateverIsKilled(long seed) throws IOException {
        var random = new Random(seed);
        try (var peers = PeerProcesses.start(directory)) {
            KillPlan plan = KillPlan.random(random, peers.nodes(), ROUNDS);
            try {
                Workload workload = Workload.start(peers, TEMPO, random);
                Duration slowest = play(plan, peers, workload);
                Chronicle chronicle = workload.finish();
                long installed = installs();
                INSTALLS.add(installed);

                assertEquals(List.of(), chronicle.breaches());
                System.out.println("seed " + seed + ": " + chronicle.summary() + ", answered at the latest after "
                        + slowest.toMillis() + " ms, " + installed + " snapshots installed");
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "seed %d: %s%n%s%nagain: mvn verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ProcessKillTest -Dantler.seed=%1$d%n%s"
                                .formatted(seed, broken.getMessage(), plan, logs()),
                        broken);
            }
        }
    }

    /** @return how long the group needed to answer again, at most */
    private static Duration play(KillPlan plan, PeerProcesses peers, Workload workload) {
        Duration slowest = Duration.ZERO;
        for (KillPlan.Round round : plan.rounds()) {
            long start = System.nanoTime();
            round.steps().forEach(step -> {
                long due = start + Duration.ofMillis(step.atMillis()).toNanos();
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                act(step, peers);
            });
            long over = System.nanoTime();
            peers.restartTheDead();
            peers.awaitAnswer();
            Duration answered = Duration.ofNanos(System.nanoTime() - over);
            slowest = answered.compareTo(slowest) > 0 ? answered : slowest;
            workload.awaitProgress();
        }
        return slowest;
    }

    private static void act(KillPlan.Step step, PeerProcesses peers) {
        switch (step.deed()) {
            case KILL -> peers.get(new NodeId(step.node())).kill();
            case KILL_ALL -> peers.nodes().forEach(node -> peers.get(node).kill());
            case RESTART -> {
                if (!peers.get(new NodeId(step.node())).alive()) {
                    peers.restart(new NodeId(step.node()));
                }
            }
            case FREEZE -> peers.get(new NodeId(step.node())).freeze();
            case THAW -> peers.get(new NodeId(step.node())).thaw();
        }
    }

    private long installs() throws IOException {
        long found = 0;
        for (Path log : logFiles()) {
            try (Stream<String> lines = Files.lines(log)) {
                found += lines.filter(line -> line.contains("journal installed from a snapshot"))
                        .count();
            }
        }
        return found;
    }

    private List<Path> logFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log")).toList();
        }
    }

    private String logs() throws IOException {
        var text = new StringBuilder();
        for (Path log : logFiles()) {
            List<String> lines = Files.readAllLines(log);
            text.append(log.getFileName()).append(":\n");
            lines.subList(Math.max(0, lines.size() - 20), lines.size())
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString();
    }
}
