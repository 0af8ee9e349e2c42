package io.antler.journal;

import io.antler.journal.disk.Space;
import java.time.Duration;

/**
 * When a node's disk counts as full or slow.
 *
 * @param alarmFreeBytes below this there is an alarm
 * @param stopFreeBytes below this the log of this node waits
 * @param slow a disk that takes longer for one write of the log does not lead
 */
public record DiskSettings(long alarmFreeBytes, long stopFreeBytes, Duration slow) {
    /** As {@code antler.journal.disk} has them. */
    public static final DiskSettings DEFAULT = new DiskSettings(2L << 30, 256L << 20, Duration.ofMillis(500));

    public DiskSettings {
        if (stopFreeBytes < 0 || alarmFreeBytes < stopFreeBytes) {
            throw new IllegalArgumentException("antler.journal.disk.alarm-free = " + alarmFreeBytes
                    + " bytes: at least antler.journal.disk.stop-free = " + stopFreeBytes + " bytes");
        }
        if (slow.toMillis() < 10) {
            throw new IllegalArgumentException("antler.journal.disk.slow = " + slow.toMillis() + " ms: at least 10 ms");
        }
    }

    Space.Limits limits() {
        return new Space.Limits(alarmFreeBytes, stopFreeBytes);
    }
}
