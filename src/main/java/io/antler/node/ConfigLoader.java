package io.antler.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the operator's file, fills in the defaults, and refuses what cannot be meant. */
public final class ConfigLoader {
    /**
     * @param settings the checked values
     * @param config the file merged with every {@code reference.conf}, for the actor system and for packages with settings of their own
     */
    public record Loaded(NodeSettings settings, Config config) {}

    private ConfigLoader() {}

    /** @throws BadConfiguration with every problem found */
    public static Loaded load(Path file) {
        Keys keys = keys(file);
        var loaded = new Loaded(NodeSettings.from(keys), keys.config());
        if (loaded.settings().kind() == NodeKind.METALOGGER) {
            LoneSettings.from(keys); // refuses what is wrong in antler.metalogger
        }
        return loaded;
    }

    /**
     * For a metalogger without a cluster.
     *
     * @param file null: every key has its default
     * @throws BadConfiguration with every problem found
     */
    public static LoneSettings loadAlone(@Nullable Path file) {
        return LoneSettings.from(file == null ? new Keys(ConfigFactory.load()) : keys(file));
    }

    private static Keys keys(Path file) {
        Config own = parse(file);
        Config merged = merge(file, own);
        Keys keys = new Keys(merged);
        UnknownKeys.find(own.resolveWith(merged), ConfigFactory.defaultReference())
                .forEach(keys::refuse);
        return keys;
    }

    private static Config parse(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            String why = Files.isDirectory(file)
                    ? "it is a directory"
                    : Files.exists(file) ? "no permission" : "no such file";
            throw new BadConfiguration(List.of("Cannot read the configuration " + file + ": " + why
                    + ". Name the node's file with --config FILE; conf/antler.conf is a commented example"));
        }
        try {
            return ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
        } catch (ConfigException e) { // its message begins with "FILE: LINE: "
            throw new BadConfiguration(List.of("Cannot read the configuration. " + e.getMessage()));
        }
    }

    private static Config merge(Path file, Config own) {
        try {
            return ConfigFactory.load(own);
        } catch (ConfigException e) {
            throw new BadConfiguration(List.of("Cannot read the configuration " + file + ". " + e.getMessage()));
        }
    }
}
