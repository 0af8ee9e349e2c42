package io.antler.node;

import io.antler.journal.Member;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The nodes of the cluster as they are now: the journal's group has them, whatever the configuration file said. */
final class Roster {
    private final RaftGroup raft;
    private final List<NodeId> configured;

    Roster(RaftGroup raft, NodeSettings settings) {
        this.raft = raft;
        this.configured = settings.ids();
    }

    /** Those of {@code antler.nodes} first, in that order, then by name. */
    List<Member> members() {
        return raft.members().stream()
                .sorted(Comparator.comparingInt(this::place).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private int place(Member member) {
        int place = configured.indexOf(member.node());
        return place < 0 ? configured.size() : place;
    }

    List<Member> voters() {
        return members().stream().filter(Member::votes).toList();
    }

    /** Empty when this node has not heard of it, or it was removed. */
    Optional<String> hostOf(NodeId node) {
        return raft.members().stream()
                .filter(member -> member.node().equals(node))
                .map(Member::host)
                .findAny();
    }
}
