package io.antler.kernel;

/** A program that could not be run, did not end in time, or ended with an error. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message);
    }
}
