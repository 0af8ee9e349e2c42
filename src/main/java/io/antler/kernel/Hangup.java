package io.antler.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** SIGHUP, with which a daemon is told to read its configuration again. */
public final class Hangup {
    private static final int SIGHUP = 1;
    private static final String CAUGHT = "SigCgt:";

    private Hangup() {}

    /**
     * Only to a process that has a handler for it: any other would die of it.
     *
     * @return whether it was sent; not if the process is gone
     */
    public static boolean send(long pid) throws IOException {
        if (pid <= 1) {
            throw new IllegalArgumentException("process " + pid + " is not one of ours");
        }
        return catches(pid) && CLibrary.kill((int) pid, SIGHUP);
    }

    /** {@code /proc/PID/status} has a mask in hexadecimal digits, its last bit for signal 1. */
    private static boolean catches(long pid) throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(CAUGHT))
                    .map(line -> line.substring(CAUGHT.length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1) != 0);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
