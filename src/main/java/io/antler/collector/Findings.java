package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Collects what a merge finds: at most {@value #MOST}, the rest is counted. */
final class Findings {
    private static final int MOST = 1000;

    private final List<Finding> found = new ArrayList<>();
    private final List<Finding.HalfLine> halves = new ArrayList<>(); // not yet compared with a whole one
    private long omitted;
    private long lines;

    void line() {
        lines++;
    }

    long lines() {
        return lines;
    }

    void missing(long first, long last, String before, String after) {
        add(new Finding.Missing(first, last, before, after));
    }

    void damaged(String problem, long next, boolean atEnd) {
        add(new Finding.Damaged(problem, next, atEnd));
    }

    void half(String file, ChangelogReader.HalfLine half, long next) {
        halves.add(new Finding.HalfLine(file, half.offset(), next, half.start(), ""));
    }

    /** Compares half lines with the whole one, which may complete them. */
    void whole(Head head) {
        if (halves.isEmpty()) {
            return;
        }
        for (Iterator<Finding.HalfLine> each = halves.iterator(); each.hasNext(); ) {
            Finding.HalfLine half = each.next();
            if (half.next() <= head.version()) {
                boolean completes = half.next() == head.version() && head.line().beginsWith(half.start());
                add(new Finding.HalfLine(
                        half.file(), half.offset(), half.next(), half.start(), completes ? head.name() : ""));
                each.remove();
            }
        }
    }

    /** Goes on with the last one if it is about the same files. */
    void conflict(long version, List<Finding.Side> sides, String decidedBy) {
        if (!found.isEmpty()
                && found.getLast() instanceof Finding.Conflict last
                && last.last() == version - 1
                && last.decidedBy().equals(decidedBy)
                && files(last.sides()).equals(files(sides))) {
            found.removeLast();
            found.add(new Finding.Conflict(last.first(), version, last.sides(), decidedBy));
        } else {
            add(new Finding.Conflict(version, version, sides, decidedBy));
        }
    }

    private static List<List<String>> files(List<Finding.Side> sides) {
        return sides.stream().map(Finding.Side::files).toList();
    }

    void disputed(long version, Set<String> files) {
        if (!found.isEmpty()
                && found.getLast() instanceof Finding.Disputed last
                && last.last() == version - 1
                && last.files().equals(files)) {
            found.removeLast();
            found.add(new Finding.Disputed(last.first(), version, files));
        } else {
            add(new Finding.Disputed(version, version, files));
        }
    }

    private void add(Finding finding) {
        if (found.size() < MOST) {
            found.add(finding);
        } else {
            omitted++;
        }
    }

    /** Halves that nothing has completed are findings then, too. */
    History history(List<History.Run> runs, long until) {
        halves.forEach(this::add);
        halves.clear();
        return new History(runs, found, omitted, lines, until);
    }
}
