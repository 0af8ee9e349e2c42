package io.antler.collector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * How two histories differ, in ranges of versions.
 *
 * @param same changes that both have, with the same text
 * @param ranges in order; the first {@value #MOST}
 * @param omitted further ranges
 * @param first where both say different things for the first time
 * @param damaged places of either side that could not be read
 */
public record Difference(
        long same, List<Range> ranges, long omitted, Optional<Example> first, boolean onlyOne, List<Finding> damaged) {
    private static final int MOST = 1000;
    private static final int SHOWN = 200;
    private static final int TOLD_EVERY = 1 << 16;

    /** Who has the changes of a range. */
    public enum Who {
        ONLY_A,
        ONLY_B,
        DIFFERENT
    }

    /** @param last included */
    public record Range(Who who, long first, long last) {}

    /** A change of which both say different things. */
    public record Example(long version, String fileA, String a, String fileB, String b) {}

    public Difference {
        ranges = List.copyOf(ranges);
        damaged = List.copyOf(damaged);
    }

    /** Nothing differs, and everything could be read. */
    public boolean none() {
        return ranges.isEmpty() && damaged.isEmpty();
    }

    /**
     * @param a by first version, as {@code b}
     * @param progress hears a version, now and then
     * @throws SourceUnusable if one of them is no history
     */
    public static Difference of(List<Piece> a, List<Piece> b, LongConsumer progress) throws IOException {
        var findings = new Findings();
        try (var one = new HistoryCursor(a, findings);
                var other = new HistoryCursor(b, findings)) {
            return new Comparison(one, other, progress).run(findings);
        }
    }

    private static final class Comparison {
        private final HistoryCursor a;
        private final HistoryCursor b;
        private final LongConsumer progress;
        private final List<Range> ranges = new ArrayList<>();
        private long omitted;
        private long same;
        private boolean onlyOne;
        private Optional<Example> first = Optional.empty();

        Comparison(HistoryCursor a, HistoryCursor b, LongConsumer progress) {
            this.a = a;
            this.b = b;
            this.progress = progress;
        }

        Difference run(Findings findings) throws IOException {
            boolean hasA = a.next();
            boolean hasB = b.next();
            for (long step = 0; hasA || hasB; step++) {
                if (step % TOLD_EVERY == 0) {
                    progress.accept(hasA ? a.version() : b.version());
                }
                if (hasA && (!hasB || a.version() < b.version())) {
                    note(Who.ONLY_A, a.version());
                    hasA = a.next();
                } else if (hasB && (!hasA || b.version() < a.version())) {
                    note(Who.ONLY_B, b.version());
                    hasB = b.next();
                } else {
                    compare();
                    hasA = a.next();
                    hasB = b.next();
                }
            }
            List<Finding> damaged = findings.history(List.of(), -1).findings();
            return new Difference(same, ranges, omitted, first, onlyOne, damaged);
        }

        private void compare() {
            if (a.line().hasSameTextAs(b.line())) {
                same++;
                return;
            }
            if (first.isEmpty()) {
                first = Optional.of(new Example(
                        a.version(), a.head().name(), shown(a), b.head().name(), shown(b)));
            }
            note(Who.DIFFERENT, a.version());
        }

        private static String shown(HistoryCursor cursor) {
            String text = cursor.line().change().text();
            return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        }

        private void note(Who who, long version) {
            onlyOne |= who != Who.DIFFERENT;
            if (!ranges.isEmpty() && omitted == 0) {
                Range last = ranges.getLast();
                if (last.who() == who && last.last() == version - 1) {
                    ranges.removeLast();
                    ranges.add(new Range(who, last.first(), version));
                    return;
                }
            }
            if (ranges.size() < MOST) {
                ranges.add(new Range(who, version, version));
            } else {
                omitted++;
            }
        }
    }
}
