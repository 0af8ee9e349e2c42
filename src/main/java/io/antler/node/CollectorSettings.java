package io.antler.node;

import io.antler.collector.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code antler.collector} of the configuration.
 *
 * @param directories of this machine
 * @param sources other nodes and metaloggers, by their HTTP port
 */
record CollectorSettings(List<Path> directories, List<Place.Node> sources) {
    private static final Pattern NODE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]*)(?::([0-9]{1,5}))?");
    private static final String DIRECTORIES = "antler.collector.directories";
    private static final String SOURCES = "antler.collector.sources";
    private static final int HTTP = 2;

    CollectorSettings {
        directories = List.copyOf(directories);
        sources = List.copyOf(sources);
    }

    static CollectorSettings from(Keys keys) {
        List<String> names = keys.words(SOURCES);
        keys.check(
                () -> names.stream().allMatch(CollectorSettings::isNode),
                keys.shown(SOURCES)
                        + ": allowed is a list of addresses or names, each with a port if it is not the default,"
                        + " like [ \"10.0.0.1\", \"backup:9432\" ]",
                SOURCES);
        int port = keys.number("antler.ports.first", 1, 65_533) + HTTP;
        List<Place.Node> sources = names.stream()
                .filter(CollectorSettings::isNode)
                .map(name -> node(name, port))
                .toList();
        return new CollectorSettings(keys.absolutePaths(DIRECTORIES), sources);
    }

    private static boolean isNode(String name) {
        Matcher parts = NODE.matcher(name);
        return parts.matches() && (parts.group(2) == null || Integer.parseInt(parts.group(2)) <= 65_535);
    }

    private static Place.Node node(String name, int defaultPort) {
        Matcher parts = NODE.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name);
        }
        int port = parts.group(2) == null ? defaultPort : Integer.parseInt(parts.group(2));
        return new Place.Node(parts.group(1), port, false);
    }

    /** All of them. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        directories.forEach(directory -> places.add(new Place.Directory(directory.toString(), directory)));
        places.addAll(sources);
        return places;
    }
}
