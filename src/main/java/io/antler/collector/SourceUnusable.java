package io.antler.collector;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A place that was named has nothing to give; the message says why and what to do. */
public class SourceUnusable extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceUnusable(String message) {
        super(message);
    }

    public SourceUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
