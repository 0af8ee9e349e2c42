package io.antler.moosefs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that an Antler which was killed has left behind on one data directory.
 *
 * <p>They are known by an environment variable. The master's data writer and saver overwrite theirs with their title (3.0:
 * {@code mfsmaster (data writer)}); these are known by this title together with their working directory, which no one but
 * Antler's own {@code mfsmaster} has there.
 */
final class Leftovers {
    static final String VARIABLE = "ANTLER_DATA_DIR";

    private Leftovers() {}

    static String value(Path dataDir) {
        try {
            return dataDir.toRealPath().toString(); // as the kernel shows working directories
        } catch (IOException missing) {
            return dataDir.toAbsolutePath().normalize().toString();
        }
    }

    static List<Long> kill(Path dataDir, Duration timeout) throws IOException {
        List<Long> killed = new ArrayList<>();
        DataDirectory directory = new DataDirectory(dataDir);
        StockProcess.await("the leftovers on " + dataDir + " gone and its locks free", timeout, () -> {
            List<Long> found = find(dataDir);
            for (Long pid : found) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                if (!killed.contains(pid)) {
                    killed.add(pid);
                }
            }
            return found.isEmpty() && !directory.inUse();
        });
        return killed;
    }

    static List<Long> find(Path dataDir) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != ProcessHandle.current().pid()
                        && (hasVariable(process, dataDir) || isChild(process, dataDir))) {
                    found.add(pid);
                }
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException("cannot list processes", failure);
        }
        return found;
    }

    private static boolean hasVariable(Path process, Path dataDir) {
        String wanted = VARIABLE + "=" + value(dataDir);
        for (String variable : read(process.resolve("environ")).split("\0", -1)) {
            if (variable.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isChild(Path process, Path dataDir) {
        try {
            return read(process.resolve("cmdline")).startsWith("mfsmaster (")
                    && Files.readSymbolicLink(process.resolve("cwd")).equals(Path.of(value(dataDir)));
        } catch (IOException ended) {
            return false; // or not ours to look at
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return ""; // or not ours to look at
        }
    }
}
