package io.antler.journal;

/** Another writer of the same persistence id was faster, or an event is missing. Nothing was stored. */
public final class OutOfSequence extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfSequence(String persistenceId, long sequenceNr, long expected) {
        super(persistenceId + ": sequence number " + sequenceNr + " is refused, the next one is " + expected
                + "; another writer stored events meanwhile");
    }
}
