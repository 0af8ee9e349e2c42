package io.antler.journal;

import org.jspecify.annotations.Nullable;

/** The surroundings do not let the journal start. Starting again does not help before a person acted. */
public final class JournalUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For a node whose disk lost or spoiled what it confirmed: it may come back as another life of itself only. */
    static final String COPY_FROM_OTHERS =
            "Move antler.node.data-dir aside and start this node with antler node --join:"
                    + " it then copies the journal from the others.";

    JournalUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
