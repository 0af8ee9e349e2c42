package io.antler.leadership;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.Mandate;
import org.jspecify.annotations.Nullable;

/**
 * What Leadership's history comes to: empty → adopted → a master, then another master, until the operator leaves.
 *
 * @param adoption null before it
 * @param master null before the first appointment
 * @param leave null: the cluster stays
 */
public record LeadershipState(
        @Nullable Adoption adoption,
        Epoch epoch,
        @Nullable NodeId master,
        @Nullable Leave leave) implements CborEncoded {
    static final LeadershipState EMPTY = new LeadershipState(null, Epoch.NONE, null);

    LeadershipState(@Nullable Adoption adoption, Epoch epoch, @Nullable NodeId master) {
        this(adoption, epoch, master, null);
    }

    /**
     * The way out of Antler.
     *
     * @param atMillis when it was asked for, wall clock since 1970: for people
     * @param version metadata version that the last master had when it had handed everything over;
     *     {@link #NOT_DRAINED}: it has not yet
     */
    public record Leave(long atMillis, long version) implements CborEncoded {
        static final long NOT_DRAINED = -1;

        boolean drained() {
            return version != NOT_DRAINED;
        }
    }

    /** Nobody serves any more, and nobody is appointed. */
    boolean left() {
        return leave != null && leave.drained();
    }

    LeadershipState with(@Nullable Leave other) {
        return new LeadershipState(adoption, epoch, master, other);
    }

    /** The image that everything began with. */
    public record Adoption(String metadataId, long version, String sha256, NodeId holder) implements CborEncoded {}

    Mandate mandate(boolean serving) {
        Mandate.Leave way = leave == null ? Mandate.Leave.NO : left() ? Mandate.Leave.LEFT : Mandate.Leave.DRAIN;
        return adoption == null
                ? new Mandate(epoch, master, null, -1, null, null, serving, way)
                : new Mandate(
                        epoch,
                        master,
                        adoption.metadataId(),
                        adoption.version(),
                        adoption.sha256(),
                        adoption.holder(),
                        serving,
                        way);
    }
}
