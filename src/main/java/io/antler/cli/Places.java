package io.antler.cli;

import io.antler.collector.Place;
import io.antler.node.ConfigLoader;
import io.antler.node.NodeSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can stand behind {@code --from}. */
final class Places {
    static final String CLUSTER = "cluster";

    private Places() {}

    /**
     * @param names a directory; {@code ADDRESS[:PORT]} of a node or metalogger; or {@code cluster}, all nodes of a
     *     configuration. What exists as a directory, or has a slash, is one
     * @param config needed for {@code cluster}
     */
    static List<Place> of(List<String> names, @Nullable Path config) {
        return names.stream().flatMap(name -> places(name, config)).toList();
    }

    private static Stream<Place> places(String name, @Nullable Path config) {
        if (isDirectory(name)) {
            return Stream.of(new Place.Directory(name, Path.of(name)));
        }
        if (!name.equals(CLUSTER)) {
            return ClusterQuery.named(name).stream().map(node -> new Place.Node(node.host(), node.port(), true));
        }
        if (config == null) {
            throw new CommandFailed("--from cluster needs --config FILE, which says where the nodes are");
        }
        return nodes(config).map(Place.class::cast);
    }

    private static Stream<Place.Node> nodes(Path config) {
        NodeSettings settings = ConfigLoader.load(config).settings();
        return settings.nodes().stream()
                .map(node -> new Place.Node(node.address(), settings.ports().http(), false));
    }

    /** What the nodes of a configuration have journaled, and nothing else that lies on their machines. */
    static List<Place> journals(Path config) {
        return nodes(config).<Place>map(Place.Journal::new).toList();
    }

    private static boolean isDirectory(String name) {
        try {
            return name.contains("/") || Files.exists(Path.of(name));
        } catch (InvalidPathException _) {
            return false;
        }
    }
}
