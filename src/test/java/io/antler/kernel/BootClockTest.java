package io.antler.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootClockTest {
    private final BootClock clock = new BootClock();

    @Test
    void itIsTheClockOfProcUptime() throws Exception {
        long before = clock.getAsLong();
        String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
        long after = clock.getAsLong();

        long nanos = (long) (Double.parseDouble(uptime) * 1e9);
        assertTrue(nanos >= before - 20_000_000 && nanos <= after, before + " " + uptime + " " + after);
    }
}
