package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.SystemTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
        String printed = printedBy(() -> JournalBench.smoke(directory));

        Set<String> names = printed.lines()
                .filter(line -> line.startsWith("figure "))
                .map(line -> List.of(line.split(" ", 3)).get(1))
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(PROMISED), printed);
        assertFalse(printed.contains("NaN"), printed);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static String printedBy(Step step) throws IOException {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            step.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
