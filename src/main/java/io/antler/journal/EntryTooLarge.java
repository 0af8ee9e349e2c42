package io.antler.journal;

/** One append must fit into one Raft log entry. Nothing was stored. */
public final class EntryTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EntryTooLarge(long lengthBytes, long limitBytes) {
        super("not appended: " + lengthBytes + " bytes in one entry, the limit is " + limitBytes
                + "; persist fewer or smaller events at once");
    }
}
