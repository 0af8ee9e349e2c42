package io.antler.leadership;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.Mandate;
import org.jspecify.annotations.Nullable;

/**
 * What Leadership's history comes to: empty → adopted → a master, then another master, for ever.
 *
 * @param adoption null before it
 * @param master null before the first appointment
 */
public record LeadershipState(
        @Nullable Adoption adoption, Epoch epoch, @Nullable NodeId master) implements CborEncoded {
    static final LeadershipState EMPTY = new LeadershipState(null, Epoch.NONE, null);

    /** The image that everything began with. */
    public record Adoption(String metadataId, long version, String sha256, NodeId holder) implements CborEncoded {}

    Mandate mandate(boolean serving) {
        return adoption == null
                ? new Mandate(epoch, master, null, -1, null, null, serving)
                : new Mandate(
                        epoch,
                        master,
                        adoption.metadataId(),
                        adoption.version(),
                        adoption.sha256(),
                        adoption.holder(),
                        serving);
    }
}
