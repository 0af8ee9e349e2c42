package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That each figure comes out, not what it is. */
class ChangelogBenchTest {
    @Test
    void everyFigureIsPrinted(@TempDir Path directory) throws IOException {
        assertEquals(
                Set.of(
                        "changelog.verify.rate",
                        "changelog.cat.rate",
                        "changelog.explain.rate",
                        "changelog.explain.json.rate"),
                Printed.figures(() -> ChangelogBench.smoke(directory)));
    }
}
