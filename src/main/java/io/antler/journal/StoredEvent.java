package io.antler.journal;

/** One event of a persistence id, read from this node's replica. */
record StoredEvent(long sequenceNr, Envelope envelope) {}
