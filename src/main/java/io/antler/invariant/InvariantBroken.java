package io.antler.invariant;

/** A defect of this program. Nothing recovers from it but a restart from durable state. */
public final class InvariantBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvariantBroken(Invariant invariant, String details) {
        super(invariant + " does not hold: " + details);
    }
}
