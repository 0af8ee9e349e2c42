package io.antler.journal;

/**
 * Who may still write to one persistence id, as every replica knows it after applying the same log entries. Pure: a
 * decision here is the same on every node.
 *
 * @param epoch the epoch the persistence id was last taken over with
 * @param highest highest sequence number stored; 0 when there is none
 */
public record Fence(Epoch epoch, long highest) {
    public static final Fence NONE = new Fence(Epoch.NONE, 0);

    /** What applying an entry of events comes to. */
    public sealed interface Verdict extends Outcome {
        /** @param after the fence from now on */
        record Accepted(Fence after) implements Verdict {}

        /** A newer master took over: final for this epoch. */
        record OlderEpoch(Epoch epoch, Epoch current) implements Verdict {}

        /** Another writer was faster, or an event is missing. */
        record OutOfSequence(long sequenceNr, long expected) implements Verdict {}
    }

    /** Taking over again with the same epoch is a retry and changes nothing. */
    public Verdict takeOver(Epoch next) {
        return next.compareTo(epoch) < 0
                ? new Verdict.OlderEpoch(next, epoch)
                : new Verdict.Accepted(new Fence(next, highest));
    }

    /**
     * @param writer epoch of the writer; {@link Epoch#NONE} for events that are not {@link Fenced}
     * @param first sequence number of the first event
     * @param count number of events, at least 1
     */
    public Verdict append(Epoch writer, long first, int count) {
        if (!writer.equals(Epoch.NONE) && writer.compareTo(epoch) < 0) {
            return new Verdict.OlderEpoch(writer, epoch);
        }
        if (first != highest + 1) {
            return new Verdict.OutOfSequence(first, highest + 1);
        }
        return new Verdict.Accepted(new Fence(epoch, highest + count));
    }

    /** A renewal or release of the mastership lease: only the epoch that took over last has one. */
    public Verdict lease(Epoch holder) {
        return holder.equals(epoch) ? new Verdict.Accepted(this) : new Verdict.OlderEpoch(holder, epoch);
    }
}
