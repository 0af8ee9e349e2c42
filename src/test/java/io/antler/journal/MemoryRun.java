package io.antler.journal;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One run of a {@link MemoryGroup} under a {@link FaultPlan}. */
final class MemoryRun {
    private static final int LENGTH_MS = 1_200;
    private static final int APART_MS = 220;
    private static final LeaseTerms SIDE_LEASE = new LeaseTerms(Duration.ofMillis(300), Duration.ofMillis(60), 0.1);

    private final ActorTestKit kit;

    MemoryRun(ActorTestKit kit) {
        this.kit = kit;
    }

    static FaultPlan plan(long seed) {
        return FaultPlan.random(new Random(seed), MemoryGroup.NODES, LENGTH_MS, APART_MS);
    }

    /** @throws AssertionError with the plan, if the run itself does not work */
    Chronicle play(long seed, Mutant mutant) {
        var random = new Random(seed);
        FaultPlan plan = plan(seed);
        Path directory = temporary();
        var tempo = new Workload.Tempo(new ActorHolder(kit, MemoryGroup.LEASE), SIDE_LEASE, 250, 3);
        try (var group = MemoryGroup.start(directory, random, mutant)) {
            group.awaitLeader();
            Workload workload = Workload.start(group, tempo, random);
            play(plan, group);
            group.heal();
            workload.awaitProgress();
            return workload.finish();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(broken.getMessage() + "\n" + plan, broken);
        } finally {
            delete(directory);
        }
    }

    private static void play(FaultPlan plan, MemoryGroup group) {
        long start = System.nanoTime();
        for (FaultPlan.Step step : plan.steps()) {
            long due = start + Duration.ofMillis(step.atMillis()).toNanos();
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            group.act(step);
        }
    }

    /** In memory if possible: the disk is not what is tested here. */
    private static Path temporary() {
        Path memory = Path.of("/dev/shm");
        try {
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "antler-journal-")
                    : Files.createTempDirectory("antler-journal-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
