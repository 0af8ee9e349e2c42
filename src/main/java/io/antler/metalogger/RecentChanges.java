package io.antler.metalogger;

import org.jspecify.annotations.Nullable;

/** The texts of the last few thousand changes, to tell a repeated change from a different one of the same version. */
final class RecentChanges {
    static final int KEPT = 8192;

    private final @Nullable String[] texts = new String[KEPT];
    private final long start;
    private long next;

    RecentChanges(long start) {
        this.start = start;
        this.next = start;
    }

    void add(ChangesBatch batch) {
        next = batch.firstVersion();
        for (String text : batch.texts()) {
            texts[index(next++)] = text;
        }
    }

    /** Null if this version is not remembered. */
    @Nullable
    String text(long version) {
        return version >= Math.max(start, next - KEPT) && version < next ? texts[index(version)] : null;
    }

    private static int index(long version) {
        return (int) (version % KEPT);
    }
}
