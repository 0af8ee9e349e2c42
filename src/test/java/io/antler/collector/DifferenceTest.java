package io.antler.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.collector.Difference.Range;
import io.antler.collector.Difference.Who;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static Difference between(Told a, Told b) throws IOException {
        return Difference.of(sorted(a), sorted(b), _ -> {});
    }

    private static List<Piece> sorted(Told told) {
        return told.pieces.stream()
                .sorted(Comparator.comparingLong(Piece::first))
                .toList();
    }

    @Test
    void aDamagedPlaceIsToldAndTheRestCompared() throws IOException {
        Told a = new Told().changes("a/changelog.0.mfs", 10, 20);
        Told b = new Told().file("b/changelog.0.mfs", Told.lines(10, 15) + "nonsense\n" + Told.lines(16, 20));

        Difference difference = between(a, b);

        assertEquals(9, difference.same());
        assertEquals(List.of(new Range(Who.ONLY_A, 15, 15)), difference.ranges());
        assertEquals(1, difference.damaged().size());
        assertTrue(difference.damaged().getFirst().toString().contains("b/changelog.0.mfs, byte "));
    }

    @Test
    void aSideThatContradictsItselfIsNoHistory() {
        Told a = new Told().changes("a/changelog.0.mfs", 10, 20).file("x/changelog.0.mfs", "15: 1700000015|IDLE()\n");
        Told b = new Told().changes("b/changelog.0.mfs", 10, 20);

        var unusable = assertThrows(SourceUnusable.class, () -> between(a, b));

        assertTrue(
                String.valueOf(unusable.getMessage()).contains("say different things of change 15"),
                unusable.toString());
    }

    @Test
    void aFileThatGoesBackIsNoHistory() {
        Told a = new Told().file("a/changelog.0.mfs", Told.lines(10, 20) + Told.lines(12, 25));

        var unusable = assertThrows(SourceUnusable.class, () -> between(a, a));

        assertTrue(
                String.valueOf(unusable.getMessage()).contains("a/changelog.0.mfs: its versions go back after 19"),
                unusable.toString());
    }

    /** Against maps that say the same slowly. */
    @Test
    void whateverTheHistoriesAreEachChangeIsWhereItShouldBe() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            Map<Long, String> a = new TreeMap<>();
            Map<Long, String> b = new TreeMap<>();
            for (long version = 95; version < 160; version++) {
                String line = Told.line(version);
                if (random.nextInt(10) > 0) {
                    a.put(version, line);
                }
                if (random.nextInt(10) > 0) {
                    b.put(version, random.nextInt(10) > 0 ? line : version + ": 1700000000|IDLE()\n");
                }
            }

            Difference difference = between(told(random, "a", a), told(random, "b", b));

            assertEquals(ranges(a, b), difference.ranges(), "seed " + seed);
            assertEquals(
                    a.entrySet().stream()
                            .filter(entry -> entry.getValue().equals(b.get(entry.getKey())))
                            .count(),
                    difference.same(),
                    "seed " + seed);
        }
    }

    /** In one to three files that overlap. */
    private static Told told(Random random, String source, Map<Long, String> lines) {
        var told = new Told();
        List<Long> versions = List.copyOf(lines.keySet());
        int files = 1 + random.nextInt(3);
        for (int i = 0; i < files; i++) {
            int from = i == 0 ? 0 : Math.max(0, versions.size() * i / files - random.nextInt(10));
            int until = versions.size() * (i + 1) / files;
            var text = new StringBuilder();
            versions.subList(from, until).forEach(version -> text.append(lines.get(version)));
            told.file(source + "/changelog." + i + ".mfs", text.toString());
        }
        return told;
    }

    private static List<Range> ranges(Map<Long, String> a, Map<Long, String> b) {
        List<Range> ranges = new ArrayList<>();
        var all = new TreeSet<>(a.keySet());
        all.addAll(b.keySet());
        for (long version : all) {
            String one = a.get(version);
            String other = b.get(version);
            if (one != null && one.equals(other)) {
                continue;
            }
            Who who = other == null ? Who.ONLY_A : one == null ? Who.ONLY_B : Who.DIFFERENT;
            Range last = ranges.isEmpty() ? new Range(who, -1, -1) : ranges.getLast();
            if (last.who() == who && last.last() == version - 1) {
                ranges.removeLast();
                ranges.add(new Range(who, last.first(), version));
            } else {
                ranges.add(new Range(who, version, version));
            }
        }
        return ranges;
    }
}
