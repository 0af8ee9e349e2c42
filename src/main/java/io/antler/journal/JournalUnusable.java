package io.antler.journal;

import org.jspecify.annotations.Nullable;

/** The surroundings do not let the journal start. Starting again does not help before a person acted. */
public final class JournalUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JournalUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
