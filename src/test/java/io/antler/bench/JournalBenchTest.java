package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.SystemTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six JVMs and next to no load: that each figure comes out, not what it is. */
@SystemTest
class JournalBenchTest {
    private static final Set<String> PROMISED = Set.of(
            "journal.append.p50.ratio",
            "journal.append.p50",
            "journal.append.p99",
            "journal.append.1.rate",
            "journal.append.16.rate",
            "journal.append.64.rate",
            "journal.append.256.rate",
            "journal.append.64.ratio",
            "journal.raw.p50",
            "journal.raw.p99",
            "journal.raw.64.rate",
            "journal.lines.rate",
            "journal.replay.rate",
            "journal.replay.events.rate",
            "journal.memory.flat",
            "journal.recovery",
            "journal.raw.recovery",
            "journal.raw.lines.rate",
            "journal.raw.replay.rate",
            "journal.raw.replay.events.rate",
            "journal.raw.election",
            "journal.install",
            "journal.raw.install",
            "journal.election");

    @Test
    void everyFigureIsPrinted(@TempDir Path directory) throws IOException {
        Set<String> names = Printed.figures(() -> JournalBench.smoke(directory));

        assertTrue(names.containsAll(PROMISED), names.toString());
    }
}
