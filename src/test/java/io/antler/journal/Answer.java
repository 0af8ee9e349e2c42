package io.antler.journal;

import java.io.Serializable;
import java.util.List;

/** What a {@link Peer} says. Times are nanoseconds of its own clock. */
sealed interface Answer extends Serializable {
    record Done() implements Answer {}

    record Refused(long current) implements Answer {}

    record Misplaced(String reason) implements Answer {}

    /** It may have happened, and may still happen. */
    record NotKnown(String reason) implements Answer {}

    record Fenced(long highest, long mayOpenAt) implements Answer {}

    record Renewed(long sentAt) implements Answer {}

    /** @param highest highest sequence number there was when the reading began */
    record Events(long highest, List<Event> events) implements Answer {}

    record Event(long sequenceNr, String text) implements Serializable {}

    record SideTaken(long sentAt, long turn) implements Answer {}

    record SideHeldBy(String owner, long turn) implements Answer {}

    /** @param at when the peer's replica learned of this turn */
    record SideSeen(String owner, long turn, long at, long now) implements Answer {}
}
