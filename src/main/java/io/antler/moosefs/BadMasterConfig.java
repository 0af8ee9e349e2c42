package io.antler.moosefs;

/** The operator's {@code mfsmaster.cfg} cannot be used; the message says what to do. */
public final class BadMasterConfig extends Exception {
    private static final long serialVersionUID = 1L;

    BadMasterConfig(String message) {
        super(message);
    }
}
