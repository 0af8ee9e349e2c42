package io.antler.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads keys and collects what is wrong with them, so that an operator sees every problem at once. A key that is wrong
 * gives a placeholder, and checks that involve it are left out; {@link #throwIfBad} comes before any value is used.
 */
final class Keys {
    private final Config config;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> bad = new HashSet<>();

    Keys(Config config) {
        this.config = config;
    }

    Config config() {
        return config;
    }

    /** @param allowed what the operator may write, for the message */
    String text(String key, Predicate<String> valid, String allowed) {
        return read(key, config::getString, valid, allowed, "");
    }

    Path absolutePath(String key) {
        Function<String, Path> path = name -> Path.of(config.getString(name));
        return read(key, path, Path::isAbsolute, "an absolute path", Path.of("/"));
    }

    List<Path> absolutePaths(String key) {
        Function<String, List<Path>> paths =
                name -> config.getStringList(name).stream().map(Path::of).toList();
        return read(key, paths, all -> all.stream().allMatch(Path::isAbsolute), "a list of absolute paths", List.of());
    }

    int number(String key, int least, int most) {
        String allowed = "a whole number from " + least + " to " + most;
        return read(key, config::getInt, value -> value >= least && value <= most, allowed, least);
    }

    double fraction(String key, double below) {
        String allowed = "a number from 0 to below " + below;
        return read(key, config::getDouble, value -> value >= 0 && value < below, allowed, 0.0);
    }

    Duration duration(String key, Duration least, Duration most) {
        String allowed = "a duration from " + least.toMillis() + " ms to " + most.toMillis()
                + " ms, written with its unit like \"2 s\" or \"400 ms\"";
        Predicate<Duration> valid = value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        return read(key, config::getDuration, valid, allowed, least);
    }

    long bytes(String key, long least, long most) {
        String allowed = "a size from " + least + " to " + most + " bytes, written like \"256 MiB\"";
        return read(key, config::getBytes, value -> value >= least && value <= most, allowed, least);
    }

    boolean yes(String key) {
        return read(key, config::getBoolean, _ -> true, "true or false", false);
    }

    List<String> words(String key) {
        return read(
                key, config::getStringList, _ -> true, "a list of words like [ \"/usr/bin/true\", \"-x\" ]", List.of());
    }

    boolean isSet(String key) {
        return config.hasPath(key);
    }

    /** Refuses unless {@code holds}; says nothing when one of {@code keys} is wrong anyway. */
    void check(Supplier<Boolean> holds, String problem, String... keys) {
        for (String key : keys) {
            if (bad.contains(key)) {
                return;
            }
        }
        if (!holds.get()) {
            refuse(problem, keys);
        }
    }

    void refuse(String problem, String... keys) {
        problems.add(problem);
        bad.addAll(List.of(keys));
    }

    /** {@code key = value (FILE: LINE)}, the place only if the operator wrote it. */
    String shown(String key) {
        return config.hasPath(key) ? shown(key, config.getValue(key)) : key;
    }

    static String shown(String key, ConfigValue value) {
        return key + " = " + value.render(ConfigRenderOptions.concise()) + place(value.origin());
    }

    static String place(ConfigOrigin origin) {
        String file = origin.filename();
        return file == null ? "" : " (" + file + ":" + origin.lineNumber() + ")";
    }

    void throwIfBad() {
        if (!problems.isEmpty()) {
            throw new BadConfiguration(problems);
        }
    }

    private <T> T read(String key, Function<String, T> get, Predicate<T> valid, String allowed, T placeholder) {
        if (!config.hasPath(key)) {
            refuse(key + " has no value: set it to " + allowed, key);
            return placeholder;
        }
        try {
            T value = get.apply(key);
            if (valid.test(value)) {
                return value;
            }
        } catch (ConfigException.WrongType | ConfigException.BadValue | InvalidPathException e) {
            refuse(shown(key) + ": allowed is " + allowed, key); // the value is shown, so e has nothing to add
            return placeholder;
        }
        refuse(shown(key) + ": allowed is " + allowed, key);
        return placeholder;
    }
}
