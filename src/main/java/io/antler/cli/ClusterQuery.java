package io.antler.cli;

import com.typesafe.config.ConfigFactory;
import io.antler.journal.NodeId;
import io.antler.monitor.ClusterStatus;
import io.antler.node.ConfigLoader;
import io.antler.node.NodeAddress;
import io.antler.node.NodeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds a node that tells what the cluster is. */
final class ClusterQuery {
    private ClusterQuery() {}

    /** @param node {@code ADDRESS[:PORT]}; the port of a node with default settings if left out */
    static List<NodeClient> named(String node) {
        return NodeAddress.parse(node, defaultPort())
                .map(address -> List.of(new NodeClient(address.host(), address.port())))
                .orElseThrow(() -> new CommandFailed(node
                        + ": allowed is an address or name, with a port if it is not the default, like 10.0.0.1:9432"));
    }

    static List<NodeClient> configured(Path file) {
        return nodes(file).stream().map(Named::client).toList();
    }

    record Named(NodeId id, NodeClient client) {}

    /** All nodes of a configuration. */
    static List<Named> nodes(Path file) {
        NodeSettings settings = ConfigLoader.load(file).settings();
        return settings.nodes().stream()
                .map(node -> new Named(node.id(), NodeClient.of(node, settings.ports())))
                .toList();
    }

    /** @throws CommandFailed with each node's reason if none answers */
    static ClusterStatus ask(List<NodeClient> nodes) {
        var reasons = new ArrayList<String>();
        for (NodeClient node : nodes) {
            try {
                return node.cluster();
            } catch (CommandFailed e) {
                reasons.add(e.getMessage());
            }
        }
        throw new CommandFailed(String.join(" | ", reasons));
    }

    private static int defaultPort() {
        int first = ConfigFactory.defaultReference().getInt("antler.ports.first");
        return new NodeSettings.Ports(first).http();
    }
}
