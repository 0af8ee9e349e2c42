package io.antler.journal;

/**
 * A persistence id is fenced: no older epoch can append to it any more.
 *
 * @param highestSequenceNr highest sequence number when the fence was applied; the new master reads up to it
 */
public record TakenOver(Epoch epoch, long highestSequenceNr) {}
