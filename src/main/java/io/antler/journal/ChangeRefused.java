package io.antler.journal;

/** The membership of the group was not changed; says why, and what to do. */
public final class ChangeRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangeRefused(String message) {
        super(message);
    }
}
