package io.antler.metalogger.keeping;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far the follower is.
 *
 * @param next version of the first change that is not stored; -1 without an image
 * @param changes stored since the start of the process
 * @param stored when the last one was; null before the first
 */
public record Progress(
        State state, long next, long changes, @Nullable Instant stored) {
    public static final Progress NONE = new Progress(State.CONNECTING, -1, 0, null);

    /** What the follower does now. */
    public enum State {
        CONNECTING,
        /** The beginning is fetched from the master's files, or what was missed. */
        CATCHING_UP,
        /** Every change is stored as it comes. */
        FOLLOWING;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Progress in(State newState) {
        return new Progress(newState, next, changes, stored);
    }
}
