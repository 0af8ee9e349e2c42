package io.antler.configuration;

import io.antler.metalogger.DurableFile;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The operator's files that a master reads: {@code mfsmaster.cfg} and those it names.
 *
 * @param texts by their usual names, whatever they are called on the machine; in ISO 8859-1, which keeps every byte. Files that
 *     a master can do without may be missing, and {@code mfsmaster.cfg} is without the lines that say where things are
 */
public record ConfigurationFiles(SortedMap<String, String> texts) {
    private static final String MASTER = "mfsmaster.cfg";
    private static final int LARGEST = 256 * 1024;
    private static final int DIGITS = 12;

    /** Settings that say where something is on a machine: each keeps its own. */
    private static final Set<String> OWN =
            Set.of("DATA_PATH", "EXPORTS_FILENAME", "TOPOLOGY_FILENAME", "MULTILAN_IPMAP_FILENAME");

    /** Settings that a node takes up when it starts, for good. */
    private static final List<String> FIXED =
            List.of("WORKING_USER", "WORKING_GROUP", "MATOML_LISTEN_PORT", "MATOCS_LISTEN_PORT", "MATOCL_LISTEN_PORT");

    public ConfigurationFiles {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** @throws IOException if a file cannot be read or is too large; the message names it */
    public static ConfigurationFiles read(MasterConfig config) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, Path> place : places(config).entrySet()) {
            Path file = place.getValue();
            if (!Files.exists(file)) {
                continue; // MasterConfig.read has seen those that must be there
            }
            if (Files.size(file) > LARGEST) {
                throw new IOException(
                        file + " has " + Files.size(file) + " bytes; a configuration file has at most " + LARGEST);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            texts.put(place.getKey(), place.getKey().equals(MASTER) ? lines(text, false) : text);
        }
        return new ConfigurationFiles(texts);
    }

    /** Those lines that are a machine's own, or those that are not. */
    private static String lines(String text, boolean own) {
        return Arrays.stream(text.split("(?<=\n)"))
                .filter(line -> isOwn(line) == own)
                .collect(Collectors.joining());
    }

    private static boolean isOwn(String line) {
        int equals = line.indexOf('=');
        return equals > 0 && OWN.contains(line.substring(0, equals).strip());
    }

    private static SortedMap<String, Path> places(MasterConfig config) {
        return new TreeMap<>(Map.of(
                MASTER,
                config.file(),
                "mfsexports.cfg",
                config.exports(),
                "mfstopology.cfg",
                config.topology(),
                "mfsipmap.cfg",
                config.ipMap()));
    }

    /** The beginning of each text's SHA-256. */
    public SortedMap<String, String> checksums() {
        SortedMap<String, String> checksums = new TreeMap<>();
        texts.forEach((name, text) -> checksums.put(name, checksum(text)));
        return checksums;
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Why these cannot replace the files of a node that runs with {@code running}: a sentence for each setting that a node takes up
     * only when it starts. Empty if they can.
     */
    public List<String> needsRestart(MasterConfig running) {
        MasterConfig wanted = MasterConfig.parse(running.file(), texts.getOrDefault(MASTER, ""));
        List<String> reasons = new ArrayList<>();
        for (String key : FIXED) {
            String now = running.value(key, "");
            String then = wanted.value(key, "");
            if (!now.equals(then)) {
                reasons.add("%s is %s, wanted is %s".formatted(key, shown(now), shown(then)));
            }
        }
        return reasons;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }

    /**
     * Puts them in place of the node's own files, each whole and durable; what was there is kept beside it as {@code
     * NAME.before-push}. A file that is missing here is left as it is.
     *
     * @return the files that are other ones now
     * @throws IOException also if {@link #needsRestart} has a reason; then nothing is changed
     */
    public List<Path> writeTo(MasterConfig running) throws IOException {
        List<String> reasons = needsRestart(running);
        if (!reasons.isEmpty()) {
            throw new IOException(String.join("; ", reasons)
                    + ": a node takes that up only when it starts. Change the file on this node, and restart it");
        }
        List<Path> changed = new ArrayList<>();
        for (Map.Entry<String, Path> place : places(running).entrySet()) {
            String text = texts.get(place.getKey());
            if (text != null && replace(place.getValue(), withOwnLines(place, text))) {
                changed.add(place.getValue());
            }
        }
        return changed;
    }

    private static String withOwnLines(Map.Entry<String, Path> place, String text) throws IOException {
        if (!place.getKey().equals(MASTER)) {
            return text;
        }
        String own = lines(Files.readString(place.getValue(), StandardCharsets.ISO_8859_1), true);
        return text.isEmpty() || text.endsWith("\n") ? text + own : text + "\n" + own;
    }

    private static boolean replace(Path file, String text) throws IOException {
        boolean there = Files.exists(file);
        if (there && Files.readString(file, StandardCharsets.ISO_8859_1).equals(text)) {
            return false;
        }
        Path target = there ? file.toRealPath() : file;
        Path beside = DurableFile.beside(target);
        Files.writeString(beside, text, StandardCharsets.ISO_8859_1);
        if (there) {
            Path kept = target.resolveSibling(Objects.requireNonNull(target.getFileName()) + ".before-push");
            Files.copy(target, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
        } else {
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        }
        DurableFile.publish(beside, target);
        return true;
    }
}
