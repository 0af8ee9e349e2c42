package io.antler.lab;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One creation of a file, as its client saw it.
 *
 * @param file relative to the directory of the load
 * @param end null while no answer has come
 */
record Operation(String file, Instant begin, @Nullable Instant end, Outcome outcome) {
    enum Outcome {
        /** The answer was success: the file must be there from now on. */
        ACKNOWLEDGED,
        /**
         * The answer was "exists", and nobody else makes this file: the client program sent the operation again
         * after its connection broke, and the first one had been executed. The file must be there.
         */
        ACKNOWLEDGED_BY_RETRY,
        /** Refused: the file must not be there. */
        FAILED,
        /** No answer, or an error that does not tell whether it was executed. */
        NOT_KNOWN
    }

    boolean acknowledged() {
        return outcome == Outcome.ACKNOWLEDGED || outcome == Outcome.ACKNOWLEDGED_BY_RETRY;
    }

    /** How long the client waited, up to {@code now} if it still does. */
    Duration waited(Instant now) {
        return Duration.between(begin, end == null ? now : end);
    }
}
