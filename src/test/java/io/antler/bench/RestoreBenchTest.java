package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.lab.SystemTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That each figure comes out, not what it is. */
@SystemTest
class RestoreBenchTest {
    @Test
    void everyFigureIsPrinted(@TempDir Path directory) throws IOException {
        assertEquals(
                Set.of("changelog.merge.rate", "restore.rate", "restore.stock.rate", "restore.ratio"),
                Printed.figures(() -> RestoreBench.smoke(directory)));
    }
}
