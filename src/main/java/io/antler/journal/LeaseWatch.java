package io.antler.journal;

import java.util.OptionalLong;

/**
 * What one replica has seen of the lease of one persistence id, on its own clock. Never stored: after a restart the
 * lease counts as just renewed.
 *
 * @param current when this replica received the last renewal of the epoch in force, nanoseconds; empty: none, or released
 * @param older the same for all epochs before it
 */
public record LeaseWatch(OptionalLong current, OptionalLong older) {
    public static final LeaseWatch NONE = new LeaseWatch(OptionalLong.empty(), OptionalLong.empty());

    /** A replica that starts knows nothing of what it missed, neither of the epoch in force nor of the one before. */
    public static LeaseWatch started(long now) {
        return new LeaseWatch(OptionalLong.of(now), OptionalLong.of(now));
    }

    public LeaseWatch renewed(long now) {
        return new LeaseWatch(OptionalLong.of(now), older);
    }

    /** The holder has promised silence. */
    public LeaseWatch released() {
        return new LeaseWatch(OptionalLong.empty(), older);
    }

    /** A newer epoch took over: what was current is older from now on, and nothing can renew it any more. */
    public LeaseWatch fenced() {
        return new LeaseWatch(OptionalLong.empty(), current.isPresent() ? current : older);
    }

    /** From when the epoch in force may serve; the past when no older lease can still run. */
    public long mayOpenAt(LeaseTerms terms) {
        return older.isPresent() ? terms.successorStart(older.getAsLong()) : Long.MIN_VALUE;
    }
}
