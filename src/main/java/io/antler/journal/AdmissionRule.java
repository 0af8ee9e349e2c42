package io.antler.journal;

import io.antler.journal.Members.Enlisted;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether two nodes may talk. Both sides decide, each by what it knows, before anything else is said: a vote or a copy of
 * another cluster, or of a directory that has forgotten what it promised, would break the journal's promises silently.
 */
final class AdmissionRule {
    private AdmissionRule() {}

    /**
     * What one node knows of another that it talks to.
     *
     * @param own this node
     * @param recorded what its table has under the other's name
     * @param expected who should be at the address that was dialled; empty where that is not known
     * @param founding Raft's configuration has the address that the settings give this name, and nobody is recorded there
     */
    record Knowledge(Hello own, Optional<Enlisted> recorded, Optional<NodeId> expected, boolean founding) {}

    /** Empty: admitted. Else a sentence for the logs of both, which says what to do. */
    static Optional<String> refusal(Knowledge known, Hello other) {
        Hello own = known.own();
        if (own.cluster().isPresent()
                && other.cluster().isPresent()
                && !own.cluster().equals(other.cluster())) {
            return Optional.of(foreign(
                    other.node(),
                    other.cluster().get(),
                    own.node(),
                    own.cluster().get()));
        }
        if (known.expected().isPresent() && !known.expected().get().equals(other.node())) {
            return Optional.of(other.node() + " answers where "
                    + known.expected().get() + " should be: correct antler.node.id there, or antler.nodes");
        }
        if (own.node().equals(other.node()) && !own.incarnation().equals(other.incarnation())) {
            return Optional.of("there is another node " + own.node() + ": each needs its own antler.node.id");
        }
        if (other.asking() || other.revision() > own.revision()) {
            return Optional.empty(); // harmless; or it knows better, and judges us by that
        }
        return known.recorded().isEmpty()
                ? unknown(known, other)
                : known.recorded().flatMap(recorded -> byRecord(recorded, other));
    }

    private static Optional<String> unknown(Knowledge known, Hello other) {
        boolean founding = known.own().revision() == 0 || known.founding();
        return founding ? Optional.empty() : Optional.of(unknownNode(other.node()));
    }

    private static Optional<String> byRecord(Enlisted recorded, Hello other) {
        if (recorded.dismissed()) {
            return Optional.of(removed(other.node()));
        }
        return recorded.incarnation().equals(other.incarnation())
                ? Optional.empty()
                : Optional.of(otherLife(recorded.member().node()));
    }

    static String foreign(NodeId other, UUID itsCluster, NodeId own, UUID ownCluster) {
        return other + " is of cluster " + itsCluster + ", " + own + " of cluster " + ownCluster
                + ": one of their data directories belongs to another cluster. Move antler.node.data-dir of the node"
                + " that does not belong here aside and start it with antler node --join";
    }

    static String unknownNode(NodeId node) {
        return node + " is not a member of this cluster: start it with antler node --join to have it taken in";
    }

    static String removed(NodeId node) {
        return node + " was removed from this cluster. To have it taken in again: move its antler.node.data-dir aside"
                + " and start it with antler node --join";
    }

    static String otherLife(NodeId node) {
        return node + " is a member with another data directory than this one, which knows nothing of what that one had"
                + " promised. If the old one is lost: start with an empty antler.node.data-dir by antler node --join,"
                + " which replaces it. If it is not: put it back";
    }
}
