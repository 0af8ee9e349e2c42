package io.antler.collector;

import java.io.IOException;

/** The directory to be made exists already, or cannot be written; the message says what to do. Nothing of it is left. */
public final class TargetUnusable extends IOException {
    private static final long serialVersionUID = 1L;

    TargetUnusable(String message) {
        super(message);
    }

    TargetUnusable(String message, Throwable cause) {
        super(message, cause);
    }
}
