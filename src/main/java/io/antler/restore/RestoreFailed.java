package io.antler.restore;

import java.io.IOException;

/** The stock program did not make what was expected; the message has its last words. */
public final class RestoreFailed extends IOException {
    private static final long serialVersionUID = 1L;

    RestoreFailed(String message) {
        super(message);
    }
}
