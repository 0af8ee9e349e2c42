package io.antler.journal;

import org.jspecify.annotations.Nullable;

/** A file of this node's event store is damaged. The message names it. Other nodes' journals are not affected. */
public final class JournalDamaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JournalDamaged(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
