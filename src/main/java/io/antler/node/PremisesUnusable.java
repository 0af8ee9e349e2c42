package io.antler.node;

/** This machine is not fit for the node as configured; the message says what is wrong and what to do. */
final class PremisesUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PremisesUnusable(String message) {
        super(message);
    }
}
