package io.antler.journal;

/** No majority confirmed in time. What was asked for may have happened, or may still happen. */
public final class OutcomeNotKnown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutcomeNotKnown(String message) {
        super(message);
    }
}
