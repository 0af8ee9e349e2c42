package io.antler.journal.transport;

/** What came in is not what a peer says. The connection ends. */
final class BadFrame extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadFrame(String message) {
        super(message);
    }
}
