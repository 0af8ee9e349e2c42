package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideTest {
    @Test
    void neitherSideHasTheClassesOfTheOther(@TempDir Path directory) {
        List<String> journal = jars(Side.journal());
        List<String> raw = jars(Side.raw(directory));

        assertEquals(
                List.of(),
                journal.stream().filter(jar -> jar.startsWith("bolt")).toList());
        assertEquals(
                List.of(),
                raw.stream()
                        .filter(jar -> jar.matches("classes|test-classes|antler-.*"))
                        .toList());
        assertTrue(raw.stream().anyMatch(jar -> jar.startsWith("bolt")), raw.toString());
    }

    private static List<String> jars(Side side) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(side.classPath())
                .map(entry -> Path.of(entry).getFileName().toString())
                .toList();
    }
}
