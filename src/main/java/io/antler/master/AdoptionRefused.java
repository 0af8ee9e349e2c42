package io.antler.master;

/** A directory that must not be adopted as it is; the message says why and what to do. */
public final class AdoptionRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AdoptionRefused(String message) {
        super(message);
    }
}
