package io.antler.journal;

import java.util.Locale;

/**
 * Something about this node's journal that a person should know has begun or is over.
 *
 * @param raised false: over
 * @param message the figures, and what to do
 */
public record JournalAlarm(Kind kind, boolean raised, String message) {
    /** For people, on one line. */
    public String line() {
        return kind.word() + ": " + message;
    }

    public enum Kind {
        /** Less space than {@code antler.journal.disk.alarm-free}. */
        DISK_LOW,
        /** Less space than {@code antler.journal.disk.stop-free}: the log of this node waits. */
        DISK_FULL,
        /** A write of the log takes longer than {@code antler.journal.disk.slow}: this node does not lead. */
        DISK_SLOW;

        /** As in metrics and MBean: {@code disk-low}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
