package io.antler.configuration;

import io.antler.metalogger.DurableFile;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

    private static final String KEPT = ".before-push-";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

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
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is no file: correct what names it in " + config.file());
            }
            if (Files.size(file) > LARGEST) {
                throw new IOException(
                        file + " has " + Files.size(file) + " bytes; a configuration file has at most " + LARGEST);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            texts.put(place.getKey(), place.getKey().equals(MASTER) ? shared(text) : text);
        }
        return new ConfigurationFiles(texts);
    }

    /** Without the lines that are a machine's own, each line with its end: the same on every machine. */
    private static String shared(String text) {
        return text.lines()
                .filter(line -> !isOwn(line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static boolean isOwn(String line) {
        int equals = line.indexOf('=');
        return equals > 0
                && MasterConfig.PLACES.contains(line.substring(0, equals).strip());
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

    /** One for all that {@link ConfigurationKeeper.Status} says of a node, but for the number of the push. */
    public static String checksum(SortedMap<String, String> configuration) {
        return checksum(configuration.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(DifferenceRule.PUSH))
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining()));
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
        return MasterConfig.parse(running.file(), texts.getOrDefault(MASTER, ""))
                .needsRestart(running);
    }

    /**
     * Puts them in place of the node's own files, each whole and durable, with owner, group and mode of the one before, which is kept
     * beside it as {@code NAME.before-push-NUMBER}. A file that is missing here is left as it is.
     *
     * @param now what the node's file says: where the files are
     * @param running what the node was started with
     * @param number of the push
     * @return the files that are other ones now
     * @throws IOException also if {@link #needsRestart} has a reason; then nothing is changed
     */
    public List<Path> writeTo(MasterConfig now, MasterConfig running, long number) throws IOException {
        List<String> reasons = needsRestart(running);
        if (!reasons.isEmpty()) {
            throw new IOException(String.join("; ", reasons)
                    + ": a node takes that up only when it starts. Change the file on this node, and restart it");
        }
        List<Path> changed = new ArrayList<>();
        for (Map.Entry<String, Path> place : places(now).entrySet()) {
            String text = texts.get(place.getKey());
            if (text != null && replace(place.getValue(), withOwnLines(place, text), number)) {
                changed.add(place.getValue());
            }
        }
        return changed;
    }

    private static String withOwnLines(Map.Entry<String, Path> place, String text) throws IOException {
        if (!place.getKey().equals(MASTER)) {
            return text;
        }
        return text
                + Files.readString(place.getValue(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(ConfigurationFiles::isOwn)
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
    }

    private static boolean replace(Path file, String text, long number) throws IOException {
        boolean there = Files.exists(file);
        if (there && Files.readString(file, StandardCharsets.ISO_8859_1).equals(text)) {
            return false;
        }
        Path target = there ? file.toRealPath() : file;
        Path beside = DurableFile.beside(target);
        Files.deleteIfExists(beside);
        Files.createFile(beside, PRIVATE); // it may hold passwords
        Files.writeString(beside, text, StandardCharsets.ISO_8859_1);
        if (there) {
            Path kept = target.resolveSibling(target.getFileName() + KEPT + number);
            if (!Files.exists(kept)) { // else by an attempt that was not completed
                Files.copy(target, kept, StandardCopyOption.COPY_ATTRIBUTES);
                giveAs(target, kept);
            }
            giveAs(target, beside);
        } else {
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        }
        DurableFile.publish(beside, target);
        return true;
    }

    private static void giveAs(Path model, Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        view.setOwner(attributes.owner());
        view.setGroup(attributes.group());
        view.setPermissions(attributes.permissions());
    }
}
