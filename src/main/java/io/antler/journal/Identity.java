package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Says whose directory this is, and which life of it: a vote or an event of another node, of another cluster, or of a
 * directory that lost what it had promised, would break the journal's promises silently. A file of lines, each a word
 * and a value: format, node, address, kind, incarnation, cluster, state.
 */
final class Identity {
    private static final String FILE = "identity";
    private static final String NONE = "none";

    /**
     * <pre>
     * FOUNDING ──recorded──► ENLISTED ──dismissed──► REMOVED
     * ASKING ──taken in────────┘
     * </pre>
     */
    enum State {
        /** May vote in the first group, which the settings name. */
        FOUNDING,
        /** Runs no Raft peer before the leader has recorded this life. */
        ASKING,
        ENLISTED,
        /** For good. */
        REMOVED
    }

    private final Path directory;
    private final RaftSettings settings;
    private final UUID incarnation;
    private Optional<UUID> cluster;
    private State state;

    private Identity(RaftSettings settings, UUID incarnation, Optional<UUID> cluster, State state) {
        this.directory = settings.directory();
        this.settings = settings;
        this.incarnation = incarnation;
        this.cluster = cluster;
        this.state = state;
    }

    /**
     * Creates the directory, or checks that it is this node's.
     *
     * @throws JournalUnusable if it cannot be used
     */
    static Identity claim(RaftSettings settings) {
        Path directory = settings.directory();
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(FILE);
            Identity identity = Files.exists(file) ? read(settings, Files.readString(file, UTF_8)) : fresh(settings);
            identity.write();
            Files.createDirectories(directory.resolve("raft"));
            Files.createDirectories(directory.resolve("events"));
            return identity;
        } catch (IOException e) {
            throw new JournalUnusable(
                    "The journal's directory " + directory + " (below antler.node.data-dir) cannot be used: " + e
                            + ". Create it, or give this user the right to write there.",
                    e);
        }
    }

    private static Identity fresh(RaftSettings settings) throws IOException {
        checkEmpty(settings.directory());
        boolean asks = settings.joining() || !settings.own().votes();
        if (!asks && !settings.members().containsKey(settings.self())) {
            throw new JournalUnusable(
                    "antler.node.id = " + settings.self() + " is not in antler.nodes, so it cannot help to found that"
                            + " cluster. To have this node taken in by one that runs: antler node --join.",
                    null);
        }
        return new Identity(settings, UUID.randomUUID(), Optional.empty(), asks ? State.ASKING : State.FOUNDING);
    }

    private static Identity read(RaftSettings settings, String text) {
        Map<String, String> found = new HashMap<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            found.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
        });
        try {
            return switch (found.getOrDefault("format", NONE)) {
                case "1" ->
                    throw new JournalUnusable(
                            "The journal in " + settings.directory() + " is of a build before 0.1.0, whose vote and"
                                    + " Raft log this one does not read. Move antler.node.data-dir of every node aside"
                                    + " and adopt the file system again (antler adopt).",
                            null);
                case "2" -> read(settings, text, found);
                default ->
                    throw new JournalUnusable(
                            "The journal in " + settings.directory()
                                    + " has a format that this release does not know.\n"
                                    + "There:\n" + text.indent(2)
                                    + "Install the release that wrote it, or a newer one.",
                            null);
            };
        } catch (IllegalArgumentException e) {
            throw new JournalUnusable(
                    "The file " + settings.directory().resolve(FILE) + " is damaged: " + e.getMessage() + ".\nThere:\n"
                            + text.indent(2) + lost(),
                    e);
        }
    }

    private static Identity read(RaftSettings settings, String text, Map<String, String> found) {
        check(settings, text, settings.self().value(), found.get("node"), "antler.node.id");
        check(settings, text, shown(settings), found.get("address"), "antler.nodes and antler.ports.first");
        check(settings, text, word(settings.own().kind()), found.get("kind"), "antler.node.kind");
        String cluster = found.getOrDefault("cluster", NONE);
        State state = State.valueOf(found.getOrDefault("state", NONE).toUpperCase(Locale.ROOT));
        if (state == State.REMOVED) {
            throw new JournalUnusable(AdmissionRule.removed(settings.self()) + ".", null);
        }
        return new Identity(
                settings,
                UUID.fromString(found.getOrDefault("incarnation", NONE)),
                cluster.equals(NONE) ? Optional.empty() : Optional.of(UUID.fromString(cluster)),
                state);
    }

    private static void check(
            RaftSettings settings,
            String text,
            String wanted,
            @org.jspecify.annotations.Nullable String found,
            String keys) {
        if (!wanted.equals(found)) {
            throw new JournalUnusable(
                    "The journal in " + settings.directory() + " is another one.\nThere:\n" + text.indent(2)
                            + "Configured:\n"
                            + ("node " + settings.self() + "\naddress " + shown(settings) + "\nkind "
                                            + word(settings.own().kind()))
                                    .indent(2)
                            + "Set " + keys + " as there, or give this node its own antler.node.data-dir. To change the"
                            + " name, address or kind of a node: antler remove it, then antler node --join with an empty"
                            + " directory.",
                    null);
        }
    }

    private static String shown(RaftSettings settings) {
        return settings.own().host() + ":" + settings.address().getPort();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String lost() {
        return "If the rest of the directory is damaged, too, move antler.node.data-dir aside and start this node with"
                + " antler node --join: it then copies the journal from the others.";
    }

    private static void checkEmpty(Path directory) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            if (content.anyMatch(path -> !path.getFileName().toString().startsWith(FILE))) {
                throw new JournalUnusable(
                        "The directory " + directory + " has content but no file \"" + FILE + "\", so it is not known"
                                + " whose journal it is. If it is this node's and the file is lost, move the directory"
                                + " aside and start with antler node --join: this node then copies the journal from the"
                                + " others.",
                        null);
            }
        }
    }

    UUID incarnation() {
        return incarnation;
    }

    synchronized Optional<UUID> cluster() {
        return cluster;
    }

    synchronized State state() {
        return state;
    }

    /** The cluster has this life recorded. */
    synchronized void enlisted(UUID recordedBy) {
        if (state != State.ENLISTED || !cluster.equals(Optional.of(recordedBy))) {
            cluster = Optional.of(recordedBy);
            become(State.ENLISTED);
        }
    }

    synchronized void removed() {
        become(State.REMOVED);
    }

    private void become(State next) {
        state = next;
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    directory.resolve(FILE) + " not written, so this node does not go on: " + e.getMessage()
                            + "; check the disk",
                    e);
        }
    }

    private void write() throws IOException {
        String content = "format 2\nnode " + settings.self() + "\naddress " + shown(settings) + "\nkind "
                + word(settings.own().kind()) + "\nincarnation " + incarnation + "\ncluster "
                + cluster.map(UUID::toString).orElse(NONE) + "\nstate " + word(state) + "\n";
        Path beside = directory.resolve(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.move(beside, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
