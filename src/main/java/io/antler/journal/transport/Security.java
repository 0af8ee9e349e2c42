package io.antler.journal.transport;

/** Whether what peers say to each other can be read and changed by others. */
public sealed interface Security {
    /** For a network that only the nodes reach. */
    record Plain() implements Security {}
}
