package io.antler.journal;

import java.util.List;

/**
 * One thing that was asked of a group and what it came to. Times are nanoseconds of one clock, that of whoever tests:
 * {@code begin} is before the question was sent, {@code end} after the answer came.
 */
sealed interface Observation {
    enum Outcome {
        CONFIRMED,
        REFUSED,
        NOT_KNOWN
    }

    /** @param writer epoch; 0 for events that are not fenced */
    record Append(
            String node,
            String persistenceId,
            long writer,
            long first,
            List<String> texts,
            Outcome outcome,
            long begin,
            long end)
            implements Observation {
        public Append {
            texts = List.copyOf(texts);
        }

        long last() {
            return first + texts.size() - 1;
        }
    }

    /** @param highest sequence number up to which older epochs may have events */
    record TakeOver(String node, String persistenceId, long epoch, long highest, long begin, long end)
            implements Observation {}

    /**
     * What was stored when the reading began: all that was confirmed before {@code begin} must be there.
     *
     * @param highest highest sequence number that the node said there was
     */
    record Read(
            String node,
            String persistenceId,
            long first,
            long highest,
            List<Answer.Event> events,
            long begin,
            long end)
            implements Observation {
        public Read {
            events = List.copyOf(events);
        }
    }

    /** The same without the promise of {@link Read}: only what is there is known to be stored. */
    record Glance(String node, String persistenceId, long first, long highest, List<Answer.Event> events, long end)
            implements Observation {
        public Glance {
            events = List.copyOf(events);
        }
    }

    record Delete(String node, String persistenceId, long last, Outcome outcome, long begin, long end)
            implements Observation {}

    /** A renewal of the mastership lease was confirmed: the holder counts it from its sending. */
    record Held(String node, String persistenceId, long epoch, long from, long until) implements Observation {}

    /** From here on a new epoch may serve. */
    record Opened(String node, String persistenceId, long epoch, long at) implements Observation {}

    /** The holder is silent, for good. */
    record Silent(String node, String persistenceId, long epoch, long at) implements Observation {}

    /** @param from when the owner learned of it */
    record SideHeld(String name, String owner, long from, long until) implements Observation {}

    /** What the owner held before, it does not count on any more. */
    record SideGivenUp(String name, String owner, long at) implements Observation {}
}
