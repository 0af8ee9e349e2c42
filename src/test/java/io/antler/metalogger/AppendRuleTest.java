package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Change;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppendRuleTest {
    private static Change change(long version) {
        return new Change(version, "1|c" + version);
    }

    private static RecentChanges recent(long start, int count) {
        var recent = new RecentChanges(start);
        recent.add(
                start,
                IntStream.range(0, count)
                        .mapToObj(i -> change(start + i).text())
                        .toList());
        return recent;
    }

    private static void assertRefused(String reason, AppendRule.Decision decision) {
        assertTrue(
                decision instanceof AppendRule.Decision.Refuse refuse
                        && refuse.reason().contains(reason),
                decision::toString);
    }

    @Test
    void consecutiveChangesAreStored() {
        assertEquals(
                new AppendRule.Decision.Store(List.of("1|c12", "1|c13")),
                AppendRule.decide(12, recent(10, 2), List.of(change(12), change(13))));
    }

    @Test
    void repeatedChangesAreIgnored() {
        assertEquals(
                new AppendRule.Decision.Store(List.of("1|c12")),
                AppendRule.decide(12, recent(10, 2), List.of(change(10), change(11), change(12), change(12))));
        assertEquals(
                new AppendRule.Decision.Store(List.of()), AppendRule.decide(12, recent(10, 2), List.of(change(11))));
    }

    @Test
    void anotherTextForAKnownVersionIsRefused() {
        assertRefused(
                "another text", AppendRule.decide(12, recent(10, 2), List.of(new Change(11, "1|other"), change(12))));
        assertRefused(
                "another text", AppendRule.decide(12, recent(10, 2), List.of(change(12), new Change(12, "1|other"))));
    }

    @Test
    void aHoleIsRefused() {
        assertRefused("from 12 to 12 are missing", AppendRule.decide(12, recent(10, 2), List.of(change(13))));
        assertRefused(
                "from 13 to 14 are missing", AppendRule.decide(12, recent(10, 2), List.of(change(12), change(15))));
    }

    @Test
    void whatIsNotRememberedCannotBeCompared() {
        assertRefused("older", AppendRule.decide(12, recent(10, 2), List.of(change(9))));
        assertRefused("older", AppendRule.decide(12, new RecentChanges(12), List.of(change(11))));
        long next = 10 + RecentChanges.KEPT + 5;
        var recent = recent(10, RecentChanges.KEPT + 5);
        assertRefused("older", AppendRule.decide(next, recent, List.of(change(14))));
        assertEquals(new AppendRule.Decision.Store(List.of()), AppendRule.decide(next, recent, List.of(change(15))));
    }

    @Test
    void longTextsAreForgottenEarlier() {
        var recent = new RecentChanges(10);
        String text = "1|" + "x".repeat(RecentChanges.KEPT_CHARACTERS / 4);
        recent.add(10, List.of(text, text, text, text));

        assertEquals(11, recent.oldest());
        assertEquals(text, recent.text(11));
        assertEquals(null, recent.text(10));
    }

    @Test
    void whatComesAfterAHoleIsRememberedAlone() {
        var recent = recent(10, 5);
        recent.add(20, List.of("1|c20"));

        assertEquals(20, recent.oldest());
        assertEquals("1|c20", recent.text(20));
        assertEquals(null, recent.text(14));
    }
}
