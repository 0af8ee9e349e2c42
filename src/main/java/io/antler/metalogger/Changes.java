package io.antler.metalogger;

/** The changes of the file system in the journal. */
public final class Changes {
    /** All changes are one persistence id; its events are {@link ChangesBatch}es without a hole. */
    public static final String PERSISTENCE_ID = "changes";

    private Changes() {}
}
