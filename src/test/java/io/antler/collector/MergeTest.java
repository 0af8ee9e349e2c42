package io.antler.collector;

import static io.antler.collector.Told.line;
import static io.antler.collector.Told.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.collector.History.Run;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergeTest {
    private final Told told = new Told();

    private static String other(long version) {
        return version + ": 1700009999|UNLINK(1,other):" + version + "\n";
    }

    private static String others(long first, long until) {
        var text = new StringBuilder();
        for (long version = first; version < until; version++) {
            text.append(other(version));
        }
        return text.toString();
    }

    @Test
    void filesOneAfterTheOtherAreOneHistory() throws IOException {
        told.changes("a/changelog.0.mfs", 300, 400)
                .changes("a/changelog.2.mfs", 100, 200)
                .changes("a/changelog.1.mfs", 200, 300);

        History history = told.merge();

        assertEquals(lines(100, 400), told.text());
        assertEquals(new History(List.of(new Run(100, 400)), List.of(), 0, 300, 400), history);
    }

    @Test
    void overlappingFilesGiveEachChangeOnce() throws IOException {
        told.changes("a/changelog.1.mfs", 100, 250)
                .changes("b/changelog_ml.0.mfs", 180, 400)
                .changes("c/changelog_ml.3.mfs", 120, 130);

        assertEquals(List.of(new Run(100, 400)), told.merge().runs());
        assertEquals(lines(100, 400), told.text());
    }

    @Test
    void aHoleIsToldWithBothItsEnds() throws IOException {
        told.changes("a/changelog.1.mfs", 100, 200).changes("b/changelog_ml.0.mfs", 250, 300);

        History history = told.merge();

        assertEquals(List.of(new Run(100, 200), new Run(250, 300)), history.runs());
        assertEquals(
                List.of(new Finding.Missing(200, 249, "a/changelog.1.mfs", "b/changelog_ml.0.mfs")),
                history.findings());
        assertEquals(200, history.reachableFrom(150));
        assertEquals(220, history.reachableFrom(220));
        assertEquals(history.findings(), history.beyond(200));
        assertEquals(List.of(), history.beyond(250));
    }

    @Test
    void aHoleInOneFileIsFilledByAnother() throws IOException {
        told.file("a/changelog_ml.0.mfs", lines(100, 150) + lines(170, 200)).changes("b/changelog.1.mfs", 140, 180);

        assertEquals(List.of(new Run(100, 200)), told.merge().runs());
        assertEquals(lines(100, 200), told.text());
    }

    @Test
    void halfALineIsCompletedByAnotherFile() throws IOException {
        told.file("a/changelog_ml.0.mfs", lines(100, 150) + line(150).substring(0, 12))
                .changes("b/changelog.0.mfs", 140, 160);

        History history = told.merge();

        assertEquals(lines(100, 160), told.text());
        var half = assertInstanceOf(Finding.HalfLine.class, history.findings().getFirst());
        assertEquals("b/changelog.0.mfs", half.completedBy());
        assertEquals(List.of(), history.beyond(160));
    }

    @Test
    void halfALineThatIsNowhereCompleteIsTold() throws IOException {
        told.file("a/changelog_ml.0.mfs", lines(100, 150) + "150: 17").changes("b/changelog.0.mfs", 140, 150);

        History history = told.merge();

        assertEquals(lines(100, 150), told.text());
        assertEquals(
                "a/changelog_ml.0.mfs, byte 1750: half a line, \"150: 17\", complete nowhere",
                history.findings().getFirst().toString());
        assertEquals(history.findings(), history.beyond(150));
    }

    @Test
    void aConflictStopsTheHistoryAndBothTextsAreTold() throws IOException {
        told.changes("a/changelog.0.mfs", 100, 160).file("b/changelog_ml.0.mfs", lines(120, 150) + others(150, 155));

        History history = told.merge();

        assertEquals(lines(100, 150), told.text());
        assertEquals(List.of(new Run(100, 150)), history.runs());
        var conflict =
                assertInstanceOf(Finding.Conflict.class, history.findings().getFirst());
        assertEquals(150, conflict.first());
        assertEquals(154, conflict.last());
        assertEquals(
                List.of(
                        new Finding.Side("1700000150|CREATE(1,n150):150", List.of("a/changelog.0.mfs")),
                        new Finding.Side("1700009999|UNLINK(1,other):150", List.of("b/changelog_ml.0.mfs"))),
                conflict.sides());
        assertEquals(
                new Finding.Disputed(155, 159, Set.of("a/changelog.0.mfs")),
                history.findings().get(1));
        assertEquals(160, history.until());
    }

    @Test
    void filesThatAgreeAgainAfterAConflictAreBelievedAgain() throws IOException {
        told.changes("a/changelog.0.mfs", 100, 200)
                .file("b/changelog_ml.0.mfs", lines(120, 150) + other(150) + lines(151, 180));

        assertEquals(List.of(new Run(100, 150), new Run(151, 200)), told.merge().runs());
        assertEquals(lines(100, 150) + lines(151, 200), told.text());
    }

    @Test
    void aNewerImageDecidesForItsOwnSource() throws IOException {
        told.changes("a/changelog.0.mfs", 100, 200).file("b/changelog_ml.0.mfs", lines(120, 150) + others(150, 210));

        History history = told.merge("b", 170);

        assertEquals(lines(100, 150) + others(150, 210), told.text());
        assertEquals(List.of(new Run(100, 210)), history.runs());
        assertEquals(List.of(), history.beyond(210));
        assertEquals(1, history.findings().size(), history.findings().toString());
    }

    @Test
    void anImageOlderThanTheConflictDecidesNothing() throws IOException {
        told.changes("a/changelog.0.mfs", 100, 200).file("b/changelog_ml.0.mfs", lines(120, 150) + others(150, 210));

        assertEquals(List.of(new Run(100, 150)), told.merge("b", 150).runs());
    }

    @Test
    void anImageOfAThirdSourceDecidesNothing() throws IOException {
        told.changes("a/changelog.0.mfs", 100, 200)
                .file("b/changelog_ml.0.mfs", lines(120, 150) + others(150, 200))
                .changes("c/changelog.0.mfs", 190, 220);

        History history = told.merge("c", 195);

        assertEquals(List.of(new Run(100, 150), new Run(190, 220)), history.runs(), history.toString());
    }

    @Test
    void aFileInWhichAnotherHistoryBeginsIsTakenAsTwo() throws IOException {
        told.file("a/changelog.0.mfs", lines(100, 200) + others(150, 220));

        History history = told.merge();

        assertEquals(lines(100, 150), told.text());
        assertEquals(List.of(new Run(100, 150)), history.runs());
        assertEquals(220, history.until());
    }

    @Test
    void filesPutTogetherInTheWrongOrderAreSorted() throws IOException {
        told.file("a/changelog.0.mfs", lines(300, 400) + lines(200, 310) + lines(100, 200));

        assertEquals(List.of(new Run(100, 400)), told.merge().runs());
        assertEquals(lines(100, 400), told.text());
    }

    @Test
    void aLineWithAWrongVersionIsDamageAndFilledByAnother() throws IOException {
        for (String wrong : List.of("9150: 1|X()\n", "50: 1|X()\n", "149: 1|X()\n")) {
            var sources = new Told()
                    .file("a/changelog.0.mfs", lines(100, 150) + wrong + lines(151, 200))
                    .changes("b/changelog.0.mfs", 140, 160);

            History history = sources.merge();

            assertEquals(lines(100, 200), sources.text(), wrong);
            assertTrue(history.findings().getFirst().toString().contains("byte 1750: version"), history::toString);
        }
    }

    @Test
    void damageIsToldAndOnlyItsOwnChangesAreMissing() throws IOException {
        told.file("a/changelog.0.mfs", lines(100, 150) + "\0".repeat(700) + "|X()\n" + lines(155, 200));

        History history = told.merge();

        assertEquals(lines(100, 150) + lines(155, 200), told.text());
        assertInstanceOf(Finding.Damaged.class, history.findings().get(0));
        assertEquals(
                new Finding.Missing(150, 154, "a/changelog.0.mfs", "a/changelog.0.mfs"),
                history.findings().get(1));
    }

    @Test
    void aFileCutOffByDamageMayHaveHadMore() throws IOException {
        told.file("a/changelog.0.mfs", lines(100, 150) + "rubbish\n");

        assertEquals(1, told.merge().beyond(150).size());
    }

    @Test
    void filesWithoutEndOfHolesAreRefused() {
        for (long version = 1; version < 260_000; version += 2) {
            told.lines.add(line(version));
        }
        told.file("a/changelog.0.mfs", String.join("", told.lines));

        var refused = assertThrows(SourceUnusable.class, told::merge);

        assertTrue(refused.toString().contains("more than 100000 holes"), refused.toString());
    }

    @Test
    void moreFilesAtOnceThanAnyoneHasAreRefused() {
        for (int i = 0; i < 300; i++) {
            told.changes("s" + i + "/changelog.0.mfs", 1, 5);
        }

        var refused = assertThrows(SourceUnusable.class, told::merge);

        assertTrue(refused.toString().contains("More than 250 files"), refused.toString());
    }
}
