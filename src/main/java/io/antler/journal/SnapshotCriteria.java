package io.antler.journal;

/**
 * Which snapshots of an actor are meant; all limits are inclusive.
 *
 * @param maxTimestamp milliseconds since 1970 (UTC)
 */
record SnapshotCriteria(long minSequenceNr, long maxSequenceNr, long minTimestamp, long maxTimestamp) {
    SnapshotCriteria {
        minSequenceNr = Math.max(0, minSequenceNr);
    }

    /** @param timestamp 0: whatever it is */
    static SnapshotCriteria one(long sequenceNr, long timestamp) {
        return timestamp == 0
                ? new SnapshotCriteria(sequenceNr, sequenceNr, Long.MIN_VALUE, Long.MAX_VALUE)
                : new SnapshotCriteria(sequenceNr, sequenceNr, timestamp, timestamp);
    }

    /** Whether there can be any. */
    boolean isPossible() {
        return maxSequenceNr >= minSequenceNr && maxTimestamp >= minTimestamp;
    }

    boolean takes(long timestamp) {
        return timestamp >= minTimestamp && timestamp <= maxTimestamp;
    }
}
