package io.antler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HolesTest {
    private final Path directory;

    HolesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void punchedBytesAreZeroAndTheLengthStays() throws Exception {
        Path file = directory.resolve("file");
        byte[] content = new byte[3 * 4096];
        Arrays.fill(content, (byte) 'x');
        Files.write(file, content);

        Holes.punch(file, 0, 4096);

        byte[] read = Files.readAllBytes(file);
        assertEquals(content.length, read.length);
        assertEquals(0, read[0]);
        assertEquals(0, read[4095]);
        assertEquals('x', read[4096]);
    }

    @Test
    void aMissingFileIsNamed() {
        var refused = assertThrows(KernelRefused.class, () -> Holes.punch(directory.resolve("none"), 0, 1));

        assertEquals(
                "open(" + directory.resolve("none") + "): No such file or directory (errno 2)", refused.getMessage());
        assertEquals(2, refused.errno());
    }
}
