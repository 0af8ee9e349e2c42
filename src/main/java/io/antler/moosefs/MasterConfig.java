package io.antler.moosefs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's {@code mfsmaster.cfg}: lines {@code KEY = VALUE}, {@code #} in the first column begins a comment. The last
 * definition of a key counts.
 *
 * @param values as written, in the order of the file
 * @see <a href="https://github.com/moosefs/moosefs/blob/master/mfscommon/cfg.c">cfg_reload</a>
 */
public record MasterConfig(Path file, Map<String, String> values) {
    public MasterConfig {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * What a master of Antler's is started with.
     *
     * @param text of the generated file
     * @param overridden a sentence for each setting that is not the operator's
     */
    public record Generated(String text, List<String> overridden) {
        public Generated {
            overridden = List.copyOf(overridden);
        }
    }

    /** Settings that say where something is on the machine. */
    public static final Set<String> PLACES =
            Set.of("DATA_PATH", "EXPORTS_FILENAME", "TOPOLOGY_FILENAME", "MULTILAN_IPMAP_FILENAME");

    /** Settings that are taken up when a node starts, for good, with what holds without them. */
    private static final Map<String, String> FIXED = Map.of(
            "WORKING_USER", "mfs",
            "WORKING_GROUP", "",
            "MATOML_LISTEN_PORT", "9419",
            "MATOCS_LISTEN_PORT", "9420",
            "MATOCL_LISTEN_PORT", "9421");

    /** @throws BadMasterConfig if it, or the exports file it names, is missing, unreadable or makes no sense */
    public static MasterConfig read(Path file) throws BadMasterConfig {
        MasterConfig config = readAlone(file);
        text(
                config.exports(),
                "mfsmaster does not start without it. Create it or set EXPORTS_FILENAME in " + file + ".");
        config.metaloggerPort();
        config.chunkserverPort();
        config.clientPort();
        return config;
    }

    /**
     * The same, whatever there is of the files that it names.
     *
     * @throws BadMasterConfig if it is missing or unreadable, or has a name that cannot be one of a file
     */
    public static MasterConfig readAlone(Path file) throws BadMasterConfig {
        MasterConfig config = parse(file, text(file, "Correct antler.master.config or create the file."));
        for (String key : PLACES) {
            try {
                var _ = Path.of(config.value(key, ""));
            } catch (InvalidPathException damaged) {
                throw new BadMasterConfig("%s: %s is not the name of a file (%s). Is the file damaged? Correct it."
                        .formatted(file, key, damaged.getReason()));
            }
        }
        return config;
    }

    private static String text(Path file, String nextStep) throws BadMasterConfig {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            String why = Files.exists(file) ? "cannot be read (" + failure + ")" : "does not exist";
            throw new BadMasterConfig("%s %s. %s".formatted(file, why, nextStep));
        }
    }

    /** What the file says; nothing is checked. */
    public static MasterConfig parse(Path file, String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("#") || equals < 0) {
                continue;
            }
            String key = line.substring(0, equals).strip();
            if (!key.isEmpty() && key.chars().allMatch(c -> c > 32 && c < 127)) {
                values.put(key, line.substring(equals + 1).strip());
            }
        }
        return new MasterConfig(file, values);
    }

    public String value(String key, String defaultValue) {
        return values.getOrDefault(key, defaultValue);
    }

    /** Metaloggers, and Antler's own connection. */
    public int metaloggerPort() throws BadMasterConfig {
        return port("MATOML_LISTEN_PORT");
    }

    public int chunkserverPort() throws BadMasterConfig {
        return port("MATOCS_LISTEN_PORT");
    }

    public int clientPort() throws BadMasterConfig {
        return port("MATOCL_LISTEN_PORT");
    }

    /** The three ports of a master. */
    public record Ports(int metalogger, int chunkserver, int client) {
        public Set<Integer> all() {
            return Set.of(metalogger, chunkserver, client);
        }
    }

    public Ports ports() throws BadMasterConfig {
        return new Ports(metaloggerPort(), chunkserverPort(), clientPort());
    }

    private int port(String key) throws BadMasterConfig {
        String value = fixed(key);
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65535) {
            throw new BadMasterConfig("%s: %s = %s is not a port number (1 to 65535).".formatted(file, key, value));
        }
        return Integer.parseInt(value);
    }

    /** A sentence without an end for each setting that is not as in {@code running}, and would be taken up only at a start. */
    public List<String> needsRestart(MasterConfig running) {
        return FIXED.keySet().stream()
                .sorted()
                .filter(key -> !fixed(key).equals(running.fixed(key)))
                .map(key -> "%s is %s, wanted is %s".formatted(key, shown(running.fixed(key)), shown(fixed(key))))
                .toList();
    }

    private String fixed(String key) {
        return value(key, FIXED.getOrDefault(key, ""));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }

    /** The same, but for what a node that runs with {@code running} cannot take up. */
    public MasterConfig asFarAsReloadable(MasterConfig running) {
        Map<String, String> result = new LinkedHashMap<>(values);
        for (String key : FIXED.keySet()) {
            result.remove(key);
            String value = running.values().get(key);
            if (value != null) {
                result.put(key, value);
            }
        }
        return new MasterConfig(file, result);
    }

    /** The operator's data directory; Antler only reads it. */
    public Path dataPath() {
        return Path.of(value("DATA_PATH", "/var/lib/mfs"));
    }

    public String user() {
        return fixed("WORKING_USER");
    }

    /** Empty: the user's own. */
    public Optional<String> group() {
        return Optional.of(fixed("WORKING_GROUP")).filter(group -> !group.isEmpty());
    }

    public Path exports() {
        return dataPath().resolve(value("EXPORTS_FILENAME", "/etc/mfs/mfsexports.cfg"));
    }

    /** May be missing. */
    public Path topology() {
        return dataPath().resolve(value("TOPOLOGY_FILENAME", "/etc/mfs/mfstopology.cfg"));
    }

    /** Of 4.x; may be missing. */
    public Path ipMap() {
        return dataPath().resolve(value("MULTILAN_IPMAP_FILENAME", "/etc/mfs/mfsipmap.cfg"));
    }

    /** The configuration for Antler's own data directory: the operator's values, but for what must be otherwise. */
    public Generated withOverrides(Path dataPath) {
        Map<String, String> result = new LinkedHashMap<>(values);
        List<String> said = new ArrayList<>();
        result.put("DATA_PATH", dataPath.toString());
        said.add("DATA_PATH = %s instead of %s: Antler keeps its own data directory; yours is only read."
                .formatted(dataPath, dataPath()));
        for (String key : List.of("MATOML_LISTEN_HOST", "MATOCS_LISTEN_HOST", "MATOCL_LISTEN_HOST")) {
            if (!value(key, "*").equals("*")) {
                override(result, said, key, "*", "Antler checks the master over loopback before it takes the address");
            }
        }
        atLeast(
                result,
                said,
                "CHANGELOG_PRESERVE_SECONDS",
                1800,
                1800,
                "Antler must be able to resume the stream of changes");
        atLeast(
                result,
                said,
                "CHANGELOG_SAVE_MODE",
                1,
                0,
                "each change is in the file before the client is answered, and Antler reads it there when mfsmaster is killed");
        atLeast(result, said, "BACK_LOGS", 2, 50, "with fewer a 3.0 master dies at the next full hour");
        atLeast(result, said, "METADATA_SAVE_FREQ", 1, 1, "with 0 a 3.0 master dies at the next full hour");
        if (!value("CS_DAYS_TO_REMOVE_UNUSED", "7").equals("0")) {
            override(
                    result,
                    said,
                    "CS_DAYS_TO_REMOVE_UNUSED",
                    "0",
                    "a standby sees no chunkserver for as long as it stands by");
        }
        for (String key : List.of("EXPORTS_FILENAME", "TOPOLOGY_FILENAME", "MULTILAN_IPMAP_FILENAME")) {
            String name = values.get(key);
            if (name != null && !name.startsWith("/")) {
                override(
                        result,
                        said,
                        key,
                        dataPath().resolve(name).toString(),
                        "it was relative to your data directory");
            }
        }
        StringBuilder text = new StringBuilder("# Made by Antler from %s; changes here are lost.\n".formatted(file));
        result.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return new Generated(text.toString(), said);
    }

    private void atLeast(
            Map<String, String> result, List<String> said, String key, int least, int defaultValue, String why) {
        String value = value(key, String.valueOf(defaultValue));
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < least) {
            override(result, said, key, String.valueOf(least), why);
        }
    }

    private void override(Map<String, String> result, List<String> said, String key, String newValue, String why) {
        result.put(key, newValue);
        said.add("%s = %s instead of %s: %s.".formatted(key, newValue, value(key, "the default"), why));
    }
}
