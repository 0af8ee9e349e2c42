package io.antler.leadership;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.leadership.LeadershipState.Leave;
import io.antler.master.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as Leadership sees it, for {@code antler list}.
 *
 * @param master null before the first appointment
 * @param metadataId null before adoption
 * @param leadership the node that Leadership runs on
 * @param reason why there is this master, or none
 * @param nodes all that are in the journal's group now
 * @param leave null: the cluster stays
 */
public record ClusterView(
        Epoch epoch,
        @Nullable NodeId master,
        @Nullable String metadataId,
        NodeId leadership,
        String reason,
        List<NodeView> nodes,
        @Nullable Leave leave)
        implements CborEncoded {
    public ClusterView {
        nodes = List.copyOf(nodes);
    }

    /**
     * @param address IPv4 address in digits
     * @param votes counts for a majority
     * @param standing the last report; null if there was none since Leadership started
     * @param ageMillis since it arrived; -1 without one
     */
    public record NodeView(
            NodeId node,
            String address,
            boolean votes,
            @Nullable Standing standing,
            long ageMillis) implements CborEncoded {}
}
