package io.antler.configuration;

import io.antler.journal.NodeId;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A node whose configuration is another one than the master's would serve otherwise when it becomes master. */
public final class DifferenceRule {
    /** Stands beside the files' names for the version of the program. */
    public static final String PROGRAM = "mfsmaster";

    /** The same for the number of the push that a node has put in place last; never a difference by itself. */
    public static final String PUSH = "push";

    private DifferenceRule() {}

    /**
     * Two maps from a file's name to its checksum, or from {@link #PROGRAM} to its version; one without that is not known.
     *
     * @return a sentence without an end for each difference, like {@code mfsexports.cfg is 0123 here and 4567 on n1}
     */
    public static List<String> differences(SortedMap<String, String> own, NodeId node, SortedMap<String, String> its) {
        return differing(own, its).stream()
                .map(name -> sentence(name, own, node.value(), its))
                .toList();
    }

    /** An alarm for each difference to the master. */
    public static List<String> alarms(SortedMap<String, String> own, NodeId master, SortedMap<String, String> masters) {
        return differing(own, masters).stream()
                .map(name -> "configuration: " + sentence(name, own, "the master " + master, masters) + ": "
                        + advice(name, masters))
                .toList();
    }

    private static String advice(String name, SortedMap<String, String> masters) {
        if (name.equals(PROGRAM)) {
            return "install the same version on every node";
        }
        return masters.containsKey(name)
                ? "run antler config push on the node that has the right one"
                : "remove it here, or run antler config push here";
    }

    private static List<String> differing(SortedMap<String, String> own, SortedMap<String, String> others) {
        if (!own.containsKey(PROGRAM) || !others.containsKey(PROGRAM)) {
            return List.of();
        }
        SortedSet<String> names = new TreeSet<>(own.keySet());
        names.addAll(others.keySet());
        names.remove(PUSH);
        return names.stream()
                .filter(name -> !own.getOrDefault(name, "").equals(others.getOrDefault(name, "")))
                .toList();
    }

    private static String sentence(
            String name, SortedMap<String, String> own, String other, SortedMap<String, String> others) {
        return "%s is %s here and %s on %s".formatted(name, shown(own.get(name)), shown(others.get(name)), other);
    }

    private static String shown(@Nullable String value) {
        return value == null ? "missing" : value;
    }
}
