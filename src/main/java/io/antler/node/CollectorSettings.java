package io.antler.node;

import io.antler.collector.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code antler.collector} of the configuration.
 *
 * @param directories of this machine
 * @param sources other nodes and metaloggers, by their HTTP port
 */
record CollectorSettings(List<Path> directories, List<Place.Node> sources) {
    private static final String DIRECTORIES = "antler.collector.directories";
    private static final String SOURCES = "antler.collector.sources";

    CollectorSettings {
        directories = List.copyOf(directories);
        sources = List.copyOf(sources);
    }

    static CollectorSettings from(Keys keys) {
        int port = new NodeSettings.Ports(keys.number("antler.ports.first", 1, 65_533)).http();
        List<String> names = keys.words(SOURCES);
        List<Place.Node> sources = names.stream()
                .flatMap(name -> NodeAddress.parse(name, port).stream())
                .map(node -> new Place.Node(node.host(), node.port(), false))
                .toList();
        keys.check(
                () -> sources.size() == names.size(),
                keys.shown(SOURCES)
                        + ": allowed is a list of addresses or names, each with a port if it is not the default,"
                        + " like [ \"10.0.0.1\", \"backup:9432\" ]",
                SOURCES);
        return new CollectorSettings(keys.absolutePaths(DIRECTORIES), sources);
    }

    /** All of them. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        directories.forEach(directory -> places.add(new Place.Directory(directory.toString(), directory)));
        places.addAll(sources);
        return places;
    }
}
