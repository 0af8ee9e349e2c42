package io.antler.master.orphans;

import io.antler.metalogger.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What deposed masters of this node had and the journal never got.
 *
 * <pre>
 * orphans/epoch-N-TIME.json   what the comparison of deposed/epoch-N-TIME came to; there only when it is complete
 * orphans/epoch-N-TIME.mfs    the changes, as lines of a changelog; written before it, absent if there are none
 * </pre>
 *
 * <p>For any thread; {@link #dismiss} and the comparison block.
 */
public final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final String RESULT = ".json";
    private static final int TOLD = 5;

    private final Path directory;
    private final Map<String, OrphanSet> compared = new ConcurrentSkipListMap<>();
    private volatile List<String> troubles = List.of();

    private Orphans(Path directory) {
        this.directory = directory;
    }

    /**
     * A result that cannot be read is named and left out: its directory is compared again.
     *
     * @param dataDir {@code antler.node.data-dir}
     */
    public static Orphans open(Path dataDir) {
        var orphans = new Orphans(dataDir.resolve("orphans"));
        try {
            Files.createDirectories(orphans.directory);
            try (Stream<Path> files = Files.list(orphans.directory)) {
                files.filter(file -> file.getFileName().toString().endsWith(RESULT))
                        .sorted()
                        .forEach(orphans::load);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    orphans.directory + " cannot be used: " + failure + ". Check the disk and its permissions",
                    failure);
        }
        return orphans;
    }

    private void load(Path file) {
        try {
            OrphanSet set = OrphanSet.fromJson(Files.readString(file));
            if (!file.equals(result(set.id()))) {
                throw new IOException("it is the result of " + set.id());
            }
            compared.put(set.id(), set);
        } catch (IOException | UncheckedIOException damaged) {
            LOG.warn("{} is not used, its directory is compared again: {}", file, damaged.getMessage());
        }
    }

    private Path result(String id) {
        return directory.resolve(id + RESULT);
    }

    Path target(String id) {
        return directory.resolve(id + ".mfs");
    }

    boolean isCompared(String id) {
        return compared.containsKey(id);
    }

    /** Durable when it returns. */
    void add(OrphanSet set) throws IOException {
        Path beside = DurableFile.beside(result(set.id()));
        Files.writeString(beside, set.toJson() + "\n");
        DurableFile.publish(beside, result(set.id()));
        compared.put(set.id(), set);
    }

    /** @param sentences about directories that could not be compared; each with what to do */
    void troubled(List<String> sentences) {
        troubles = List.copyOf(sentences);
    }

    /** Those in which something was found, dismissed ones among them. */
    public List<OrphanSet> all() {
        return compared.values().stream().filter(OrphanSet::isFound).toList();
    }

    private List<OrphanSet> open() {
        return compared.values().stream().filter(OrphanSet::isOpen).toList();
    }

    /** Changes that the journal never had, and that nobody has dismissed yet. */
    public long count() {
        return open().stream().mapToLong(OrphanSet::changes).sum();
    }

    /** The file with its changes. */
    public Optional<Path> changes(String id) {
        OrphanSet set = compared.get(id);
        return set == null || set.changes() == 0 ? Optional.empty() : Optional.of(target(id));
    }

    /**
     * Ends the alarm; nothing is deleted. Done again, it changes nothing.
     *
     * @return empty if there is none with this id
     */
    public synchronized Optional<OrphanSet> dismiss(String id) throws IOException {
        OrphanSet set = compared.get(id);
        if (set == null || !set.isFound()) {
            return Optional.empty();
        }
        if (set.dismissed() == null) {
            add(set.dismissed(Instant.now().toString()));
            LOG.info("epoch={} orphans {} dismissed", set.epoch(), id);
        }
        return Optional.ofNullable(compared.get(id));
    }

    /** A line each, with what to do. */
    public List<String> alarms() {
        List<String> lines = new ArrayList<>();
        List<OrphanSet> open = open();
        open.stream().limit(TOLD).forEach(set -> lines.add("orphans: " + sentence(set)));
        if (open.size() > TOLD) {
            lines.add("orphans: and " + (open.size() - TOLD) + " more: antler orphans list");
        }
        troubles.forEach(trouble -> lines.add("orphans-not-compared: " + trouble));
        return lines;
    }

    static String sentence(OrphanSet set) {
        String found = set.id() + " has " + set.counted() + " that the journal never had"
                + (set.remarks().isEmpty() ? "" : ", and " + set.remarks().size() + " place(s) that cannot be read");
        return found + ": antler orphans explain " + set.id() + ", then antler orphans dismiss " + set.id();
    }
}
