package io.antler.master.orphans;

import io.antler.collector.Finding;
import io.antler.journal.Epoch;
import org.jspecify.annotations.Nullable;

/** Which changes of a deposed master the journal never had. Pure. */
public final class OrphanRule {
    private OrphanRule() {}

    /**
     * Whether what the journal lacks of an epoch, it lacks for good: from the fence of a later one on nothing of the
     * earlier is taken.
     *
     * @param fence epoch of the newest fence that this replica has applied
     */
    public static boolean isSettled(Epoch deposed, Epoch fence) {
        return fence.compareTo(deposed) > 0;
    }

    /**
     * @param oldest version of the oldest change that the journal still has: what came before was in it, and is in a
     *     checkpoint
     * @param journaled what the journal has under this version, by the deposed master's epoch or an earlier one; null:
     *     nothing
     */
    static boolean isOrphan(long version, String text, long oldest, @Nullable String journaled) {
        return version >= oldest && !text.equals(journaled);
    }

    /**
     * Whether an orphan may be hidden there.
     *
     * @param end version after the last change that the journal has of these epochs
     */
    static boolean mayHide(Finding finding, long end) {
        return switch (finding) {
            case Finding.Missing missing -> missing.last() >= end;
            case Finding.Conflict conflict -> conflict.last() >= end;
            case Finding.Disputed disputed -> disputed.last() >= end;
            case Finding.Damaged damaged -> damaged.atEnd() || damaged.next() < 0 || damaged.next() >= end;
            case Finding.HalfLine half -> half.completedBy().isEmpty() && (half.next() < 0 || half.next() >= end);
        };
    }
}
