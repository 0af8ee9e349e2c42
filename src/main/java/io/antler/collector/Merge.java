package io.antler.collector;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all changelog files at once in the order of versions; each is open only while the merge is in it.
 *
 * <p>Nothing is guessed. Where files tell different things, none of them is believed from there on, until files that
 * contradicted each other agree again. A newer image decides: its own source tells what became of the file system.
 */
public final class Merge implements Closeable {
    private static final int MOST_OPEN = 250;
    private static final int MOST_SPLITS = 20;
    private static final int MOST_RUNS = 100_000;

    /** Takes the changes, in order and each version once. */
    public interface Sink {
        /** What came before is void: it begins again, or for the first time. */
        void begin() throws IOException;

        /**
         * @param line at a change that no file contradicts; valid during the call
         * @return false: no more are wanted
         */
        boolean change(ChangelogReader line) throws IOException;

        /** A file was read to its end. */
        default void file(FileRead file) throws IOException {}
    }

    /** The image that is going to be used. */
    public record Anchor(String source, long version) {}

    private final Optional<Anchor> anchor;
    private final Sink sink;
    private final List<Piece> pieces;
    private int unopened; // pieces from here on
    private final List<Head> heads = new ArrayList<>();
    private final Map<Lane, Standing> standings = new HashMap<>();
    private int camps;
    private final Findings findings = new Findings();
    private final List<History.Run> runs = new ArrayList<>();
    private long runStart = -1; // -1: none is open
    private long next = -1; // -1: nothing yet
    private String lastFile = "nothing";
    private boolean wanted = true;

    private Merge(List<Piece> pieces, Optional<Anchor> anchor, Sink sink) {
        this.pieces = pieces;
        this.anchor = anchor;
        this.sink = sink;
    }

    /**
     * @throws SourceUnusable if there are more files at once, or more holes, than any history has
     * @throws IOException of the sink; files that cannot be read are findings
     */
    public static History run(List<Piece> pieces, Optional<Anchor> anchor, Sink sink) throws IOException {
        List<Piece> sorted = new ArrayList<>(pieces);
        List<String> strangers = new ArrayList<>();
        for (int splits = 0; ; splits++) {
            sorted.sort(Comparator.comparingLong(Piece::first));
            sink.begin();
            try (var merge = new Merge(sorted, anchor, sink)) {
                strangers.forEach(stranger -> merge.findings.damaged(stranger, -1, false));
                return merge.run();
            } catch (Backwards backwards) {
                sorted.remove(backwards.piece());
                if (splits < MOST_SPLITS) {
                    sorted.addAll(backwards.parts());
                    Optional.ofNullable(backwards.damage()).ifPresent(strangers::add);
                } else {
                    strangers.add(backwards.piece().name() + ": its versions go back again and again. It is not used");
                }
            }
        }
    }

    private History run() throws IOException, Backwards {
        for (long version = lowest(); wanted && version >= 0; version = lowest()) {
            if (heads.size() == 1 && heads.getFirst().standing().trusted()) {
                alone(heads.getFirst());
            } else {
                together(version);
            }
        }
        endRun();
        return findings.history(runs, next);
    }

    /** Opens what begins there. -1: all are at their end. */
    private long lowest() throws IOException, Backwards {
        long lowest = Long.MAX_VALUE;
        for (Head head : heads) {
            lowest = Math.min(lowest, head.version());
        }
        while (unopened < pieces.size()
                && (heads.isEmpty() || pieces.get(unopened).first() <= lowest)) {
            Piece piece = pieces.get(unopened++);
            Head head = open(piece);
            if (head != null) {
                lowest = Math.min(lowest, head.version());
            }
        }
        return heads.isEmpty() ? -1 : lowest;
    }

    private @Nullable Head open(Piece piece) throws IOException, Backwards {
        if (heads.size() == MOST_OPEN) {
            throw new SourceUnusable("More than " + MOST_OPEN + " files have the same changes around version "
                    + piece.first() + ", " + piece.name() + " among them. Name fewer directories at once");
        }
        Head head;
        try {
            head = new Head(piece, standings.computeIfAbsent(piece.file().lane(), Standing::new), findings);
        } catch (IOException bad) {
            findings.damaged(
                    bad instanceof BadChangelog ? String.valueOf(bad.getMessage()) : piece.name() + ": " + bad,
                    -1,
                    true);
            return null;
        }
        heads.add(head);
        return advance(head) ? head : null;
    }

    private boolean advance(Head head) throws IOException, Backwards {
        if (head.advance()) {
            return true;
        }
        heads.remove(head);
        head.close();
        sink.file(head.read());
        return false;
    }

    /** The usual case, kept short: a million lines in a second and more. */
    private void alone(Head head) throws IOException, Backwards {
        long others = unopened < pieces.size() ? pieces.get(unopened).first() : Long.MAX_VALUE;
        do {
            give(head);
        } while (wanted && advance(head) && head.version() < others);
    }

    private void together(long version) throws IOException, Backwards {
        if (!agreeAtOnce(version)) {
            List<Head> group =
                    heads.stream().filter(head -> head.version() == version).toList();
            compare(version, group, sides(group));
        }
        for (int i = heads.size() - 1; i >= 0; i--) {
            if (heads.get(i).version() == version) {
                advance(heads.get(i));
            }
        }
    }

    /** Overlapping files mostly say the same: without a list or two for each change. */
    private boolean agreeAtOnce(long version) throws IOException {
        Head first = null;
        for (int i = 0; i < heads.size(); i++) {
            Head head = heads.get(i);
            if (head.version() != version) {
                continue;
            }
            if (!head.standing().trusted() || (first != null && !first.line().hasSameTextAs(head.line()))) {
                return false;
            }
            first = first == null ? head : first;
        }
        give(Objects.requireNonNull(first));
        return true;
    }

    private void compare(long version, List<Head> group, List<Side> sides) throws IOException {
        List<Side> trusted = sides.stream().filter(Side::trusted).toList();
        List<Side> heard = sides.stream().filter(Side::heard).toList();
        if (trusted.size() == 1 && heard.size() == 1) {
            agree(version, sides, trusted.getFirst());
        } else if (!trusted.isEmpty()) {
            contradict(version, sides);
        } else if (heard.size() == 1 && heard.getFirst().reconciles()) {
            agree(version, sides, heard.getFirst());
        } else if (heard.size() > 1) {
            undecided(version, sides);
        } else {
            dispute(version, group);
        }
    }

    private static List<Side> sides(List<Head> group) {
        List<Side> sides = new ArrayList<>();
        for (Head head : group) {
            sides.stream()
                    .filter(side -> side.says(head))
                    .findFirst()
                    .orElseGet(() -> {
                        sides.add(new Side());
                        return sides.getLast();
                    })
                    .add(head);
        }
        return sides;
    }

    private void contradict(long version, List<Side> sides) throws IOException {
        List<Side> ofImage = anchor.filter(image -> version < image.version())
                .map(image -> sides.stream()
                        .filter(side -> side.trustedIn(image.source()))
                        .toList())
                .orElse(List.of());
        if (ofImage.size() == 1) {
            agree(version, sides, ofImage.getFirst());
        } else {
            undecided(version, sides);
        }
    }

    private void agree(long version, List<Side> sides, Side right) throws IOException {
        if (sides.size() > 1) {
            findings.conflict(
                    version,
                    sides.stream().map(Side::finding).toList(),
                    anchor.map(Anchor::source).orElse(""));
            sides.forEach(side -> side.each(Standing::overrule));
        }
        right.each(Standing::trust);
        give(right.head());
    }

    private void undecided(long version, List<Side> sides) throws SourceUnusable {
        findings.conflict(version, sides.stream().map(Side::finding).toList(), "");
        for (Side side : sides) {
            camps++;
            side.each(standing -> standing.dispute(camps));
        }
        leaveOut(version, sides.getFirst().head().name());
    }

    private void dispute(long version, List<Head> group) throws SourceUnusable {
        var files = new TreeSet<String>();
        group.forEach(head -> files.add(head.name()));
        findings.disputed(version, files);
        leaveOut(version, files.first());
    }

    private void give(Head head) throws IOException {
        reach(head.version(), head.name());
        if (runStart < 0) {
            runStart = head.version();
        }
        findings.whole(head);
        wanted = sink.change(head.line());
    }

    private void leaveOut(long version, String file) throws SourceUnusable {
        reach(version, file);
        next = version;
        endRun();
        next = version + 1;
    }

    /** Notes what is missing before it. */
    private void reach(long version, String file) throws SourceUnusable {
        if (next >= 0 && version > next) {
            findings.missing(next, version - 1, lastFile, file);
            endRun();
        }
        next = version + 1;
        lastFile = file;
    }

    private void endRun() throws SourceUnusable {
        if (runStart >= 0) {
            if (runs.size() == MOST_RUNS) {
                throw new SourceUnusable(
                        "There are more than %d holes in the changes, the last before %d in %s. These are no changelogs of one file system"
                                .formatted(MOST_RUNS, next, lastFile));
            }
            runs.add(new History.Run(runStart, next));
            runStart = -1;
        }
    }

    @Override
    public void close() throws IOException {
        for (Head head : heads) {
            head.close();
        }
    }
}
