package io.antler.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference of all keys, made from {@code reference.conf} and its comments. */
final class ConfigurationPage {
    private record Key(String path, ConfigValue value) {
        String section() {
            String comments = value.origin().comments().stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.joining("\n"));
            return "### `" + path + "`\n\n" + (comments.isEmpty() ? "Explained with the key before." : comments)
                    + "\n\n" + shownDefault() + "\n";
        }

        private String shownDefault() {
            return value.valueType() == ConfigValueType.NULL
                    ? "Default: none."
                    : "Default: `" + value.render(ConfigRenderOptions.concise()).replace("\"", "") + "`";
        }
    }

    private ConfigurationPage() {}

    static String render() {
        ConfigObject antler = ConfigFactory.parseFile(
                        Path.of("src/main/resources/reference.conf").toFile())
                .getConfig("antler")
                .root();
        List<Key> keys = new ArrayList<>();
        collect("antler", antler, keys);
        keys.sort(Comparator.comparingInt(key -> key.value().origin().lineNumber()));
        return """
                # Configuration

                A node reads one file in [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md) format:
                `bin/antler node --config FILE`. `conf/antler.conf` is a commented example of the keys that an operator sets.

                * `antler.nodes`, `antler.node.id`, `antler.vip.address` and `antler.vip.interface` have no usable default.
                * All nodes need the same values but for `antler.node.id` and, where machines differ, `antler.vip.interface` and
                  the paths.
                * Durations have a unit: `400 ms`, `2 s`, `1 minute`. Sizes too: `64 KiB`, `1 MiB`.
                * A key that does not exist, or a value that cannot be meant, stops the start with exit code 78. Every problem is
                  printed at once, each with key, value, file and line, and what is allowed.
                * Settings of the Akka library may stand in the same file under `akka`. Antler sets those it depends on itself.

                Made from the comments of `reference.conf` by `mvn test -Dtest=DocumentationTest -Dantler.docs.write=true`.

                """ + keys.stream().map(Key::section).collect(Collectors.joining("\n"));
    }

    private static void collect(String prefix, ConfigObject block, List<Key> keys) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String path = prefix + "." + ConfigUtil.joinPath(entry.getKey());
            if (entry.getValue() instanceof ConfigObject inner) {
                collect(path, inner, keys);
            } else {
                keys.add(new Key(path, entry.getValue()));
            }
        }
    }
}
