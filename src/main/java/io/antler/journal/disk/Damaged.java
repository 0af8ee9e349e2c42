package io.antler.journal.disk;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is not as this node left it. The message names it. */
public final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Damaged(Path file, String how, @Nullable Throwable cause) {
        super(file + " is damaged: " + how, cause);
    }
}
