package io.antler.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds keys that nobody reads: a misspelt key would otherwise silently leave its default in force. */
final class UnknownKeys {
    private static final Set<String> ROOTS = Set.of("antler", "akka");

    private final List<String> known = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private UnknownKeys() {}

    /**
     * @param own what the operator wrote
     * @param reference every key there is
     */
    static List<String> find(Config own, Config reference) {
        var unknown = new UnknownKeys();
        unknown.collect("antler", reference.getConfig("antler").root());
        own.root().forEach((root, value) -> {
            if (!ROOTS.contains(root)) {
                unknown.problems.add("Unknown block " + root + Keys.place(value.origin())
                        + ": only antler (and akka, for settings of the library) are read");
            }
        });
        if (own.root().get("antler") instanceof ConfigObject antler) {
            unknown.compare("antler", antler, reference.getConfig("antler").root());
        }
        return unknown.problems;
    }

    /** All keys below {@code antler} with a value, as dotted paths. */
    static List<String> known(Config reference) {
        var unknown = new UnknownKeys();
        unknown.collect("antler", reference.getConfig("antler").root());
        return unknown.known;
    }

    private void collect(String prefix, ConfigObject reference) {
        for (Map.Entry<String, ConfigValue> entry : reference.entrySet()) {
            String path = prefix + "." + ConfigUtil.joinPath(entry.getKey());
            if (entry.getValue() instanceof ConfigObject block) {
                collect(path, block);
            } else {
                known.add(path);
            }
        }
    }

    private void compare(String prefix, ConfigObject own, ConfigObject reference) {
        own.forEach((key, value) -> {
            String path = prefix + "." + ConfigUtil.joinPath(key);
            ConfigValue expected = reference.get(key);
            if (expected == null) {
                problems.add("Unknown key " + path + Keys.place(value.origin()) + suggestion(path));
            } else if (expected instanceof ConfigObject block) {
                if (value instanceof ConfigObject inner) {
                    compare(path, inner, block);
                } else {
                    problems.add(Keys.shown(path, value) + ": this is a block with the keys "
                            + String.join(", ", block.keySet().stream().sorted().toList()));
                }
            }
        });
    }

    private String suggestion(String path) {
        Optional<String> nearest = known.stream()
                .min(Comparator.<String>comparingInt(key -> distance(path, key)).thenComparing(key -> key));
        return nearest.filter(key -> distance(path, key) <= 2 + path.length() / 6)
                .map(key -> ": did you mean " + key + "?")
                .orElse(": docs/reference/configuration.md lists the keys");
    }

    /** Levenshtein distance. */
    static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
