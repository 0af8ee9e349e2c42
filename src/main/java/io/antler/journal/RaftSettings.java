package io.antler.journal;

import io.antler.journal.transport.Security;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What one Raft peer needs to know.
 *
 * @param members all voting nodes, this one included, the same on every node; resolved addresses
 * @param directory everything the journal keeps is below; created if it does not exist
 * @param electionTimeout a follower that heard nothing for so long stands for election
 * @param timeout how long an append, a fence or a barrier may take before its outcome counts as not known
 * @param security of what the peers say to each other, the same on every node
 */
public record RaftSettings(
        NodeId self,
        Map<NodeId, InetSocketAddress> members,
        Path directory,
        Duration electionTimeout,
        Duration timeout,
        Security security) {
    public RaftSettings(
            NodeId self,
            Map<NodeId, InetSocketAddress> members,
            Path directory,
            Duration electionTimeout,
            Duration timeout) {
        this(self, members, directory, electionTimeout, timeout, new Security.Plain());
    }

    public RaftSettings {
        members = Map.copyOf(members);
        if (!members.containsKey(self)) {
            throw new IllegalArgumentException("antler.node.id = " + self + " is not in antler.nodes = "
                    + members.keySet().stream().sorted().toList());
        }
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

    InetSocketAddress address() {
        return address(self);
    }

    InetSocketAddress address(NodeId node) {
        InetSocketAddress address = members.get(node);
        if (address == null) {
            throw new IllegalArgumentException("node " + node + " is not one of "
                    + members.keySet().stream().sorted().toList());
        }
        return address;
    }
}
