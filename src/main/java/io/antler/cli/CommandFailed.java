package io.antler.cli;

/** Says in one line what was not done, why, and what to do. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message);
    }
}
