package io.antler.journal;

import io.antler.journal.transport.Security;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What one Raft peer needs to know.
 *
 * @param own this node, with the address that it listens on
 * @param members the voting nodes that found the group, and whom a node asks that knows no others; resolved addresses
 * @param directory everything the journal keeps is below; created if it does not exist
 * @param electionTimeout a follower that heard nothing for so long stands for election
 * @param timeout how long an append, a fence or a barrier may take before its outcome counts as not known
 * @param security of what the peers say to each other, the same on every node
 * @param joining an empty directory asks to be taken in by the group that {@code members} are of, and founds none
 * @param snapshots when snapshots of the journal are made
 * @param disk when the disk of this node counts as full or slow
 */
public record RaftSettings(
        Member own,
        Map<NodeId, InetSocketAddress> members,
        Path directory,
        Duration electionTimeout,
        Duration timeout,
        Security security,
        boolean joining,
        Snapshots snapshots,
        DiskSettings disk) {
    /**
     * @param interval one is made so often, if anything was applied
     * @param afterBytes and earlier, when entries of so many bytes were applied
     */
    public record Snapshots(Duration interval, long afterBytes) {
        /** As {@code antler.journal.snapshot} has it. */
        static final Snapshots DEFAULT = new Snapshots(Duration.ofMinutes(10), 256L << 20);
    }

    /** A voter that is one of {@code members}, in plain. */
    public RaftSettings(
            NodeId self,
            Map<NodeId, InetSocketAddress> members,
            Path directory,
            Duration electionTimeout,
            Duration timeout) {
        this(self, members, directory, electionTimeout, timeout, new Security.Plain());
    }

    /** A voter that is one of {@code members}. */
    public RaftSettings(
            NodeId self,
            Map<NodeId, InetSocketAddress> members,
            Path directory,
            Duration electionTimeout,
            Duration timeout,
            Security security) {
        this(voter(self, members), members, directory, electionTimeout, timeout, security, false);
    }

    /** With {@link Snapshots#DEFAULT} and {@link DiskSettings#DEFAULT}. */
    public RaftSettings(
            Member own,
            Map<NodeId, InetSocketAddress> members,
            Path directory,
            Duration electionTimeout,
            Duration timeout,
            Security security,
            boolean joining) {
        this(
                own,
                members,
                directory,
                electionTimeout,
                timeout,
                security,
                joining,
                Snapshots.DEFAULT,
                DiskSettings.DEFAULT);
    }

    public RaftSettings {
        members = Map.copyOf(members);
        members.forEach((node, address) -> {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("antler.nodes: the address \"" + address.getHostString() + "\" of "
                        + node + " cannot be resolved; give a numeric address");
            }
        });
        if (electionTimeout.toMillis() < 50) {
            throw new IllegalArgumentException(
                    "antler.journal.election-timeout = " + electionTimeout.toMillis() + " ms: at least 50 ms");
        }
        if (timeout.compareTo(electionTimeout) < 0) {
            throw new IllegalArgumentException("antler.journal.timeout = " + timeout.toMillis()
                    + " ms: at least antler.journal.election-timeout = " + electionTimeout.toMillis() + " ms");
        }
    }

    public RaftSettings with(Snapshots other) {
        return new RaftSettings(own, members, directory, electionTimeout, timeout, security, joining, other, disk);
    }

    private static Member voter(NodeId self, Map<NodeId, InetSocketAddress> members) {
        InetSocketAddress address = members.get(self);
        if (address == null) {
            throw new IllegalArgumentException("antler.node.id = " + self + " is not in antler.nodes = "
                    + members.keySet().stream().sorted().toList());
        }
        return new Member(self, address, Member.Kind.VOTER);
    }

    public RaftSettings with(DiskSettings other) {
        return new RaftSettings(own, members, directory, electionTimeout, timeout, security, joining, snapshots, other);
    }

    public NodeId self() {
        return own.node();
    }

    InetSocketAddress address() {
        return own.address();
    }
}
