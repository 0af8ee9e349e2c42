package io.antler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Of the nodes. */
final class Directories {
    private Directories() {}

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** All directories below; what is left are the logs of the nodes. */
    static void deleteBelow(Path directory) throws IOException {
        List<Path> below;
        try (Stream<Path> files = Files.list(directory)) {
            below = files.filter(Files::isDirectory).toList();
        }
        for (Path path : below) {
            delete(path);
        }
    }
}
