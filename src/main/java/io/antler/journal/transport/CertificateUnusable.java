package io.antler.journal.transport;

/** A file of {@link Security.MutualTls} cannot be used. The message names it and says what to do. */
public final class CertificateUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CertificateUnusable(String message, Throwable cause) {
        super(message, cause);
    }

    CertificateUnusable(String message) {
        super(message);
    }
}
