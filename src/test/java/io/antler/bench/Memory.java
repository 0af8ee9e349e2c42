package io.antler.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this JVM holds. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Memory() {}

    /** Heap in use after a full collection, and memory of the whole process with what RocksDB and Netty have, in bytes. */
    static String afterCollection() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) { // what the first one only makes unreachable, the next one takes
            System.gc();
            Thread.sleep(200);
        }
        return "heap=%d resident=%d"
                .formatted(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), resident());
    }

    private static long resident() throws IOException {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        }
    }
}
