package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.Breach.Rule;
import io.antler.journal.Observation.Append;
import io.antler.journal.Observation.Delete;
import io.antler.journal.Observation.Glance;
import io.antler.journal.Observation.Outcome;
import io.antler.journal.Observation.Read;
import io.antler.journal.Observation.TakeOver;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail proves nothing: each wrong history here must be found, each right one passed. */
class HistoryCheckerTest {
    private static final String P = "p";

    private static Append append(long writer, long first, Outcome outcome, long begin, String... texts) {
        return new Append("n1", P, writer, first, List.of(texts), outcome, begin, begin + 1);
    }

    private static Append confirmed(long writer, long first, long begin, String... texts) {
        return append(writer, first, Outcome.CONFIRMED, begin, texts);
    }

    private static List<Answer.Event> events(long first, String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(i -> new Answer.Event(first + i, texts[i]))
                .toList();
    }

    private static Read read(long first, long begin, String... texts) {
        return new Read("n2", P, first, first + texts.length - 1, events(first, texts), begin, begin + 1);
    }

    private static void assertRight(Observation... observations) {
        assertEquals(List.of(), HistoryChecker.check(List.of(observations)));
    }

    private static void assertWrong(Rule rule, Observation... observations) {
        List<Rule> found = HistoryChecker.check(List.of(observations)).stream()
                .map(Breach::rule)
                .distinct()
                .toList();
        assertEquals(List.of(rule), found);
    }

    @Test
    void confirmedAppendsReadInOrderAreRight() {
        assertRight(confirmed(1, 1, 0, "a", "b"), confirmed(1, 3, 10, "c"), read(1, 20, "a", "b", "c"));
    }

    @Test
    void anAppendWhoseOutcomeIsNotKnownMayBeThereOrNot() {
        Append notKnown = append(1, 2, Outcome.NOT_KNOWN, 10, "b");

        assertRight(confirmed(1, 1, 0, "a"), notKnown, read(1, 20, "a"));
        assertRight(confirmed(1, 1, 0, "a"), notKnown, read(1, 20, "a", "b"));
    }

    @Test
    void anAppendWhoseOutcomeIsNotKnownMustNotComeAndGo() {
        assertWrong(
                Rule.READS_NEVER_GO_BACK,
                confirmed(1, 1, 0, "a"),
                append(1, 2, Outcome.NOT_KNOWN, 10, "b"),
                read(1, 20, "a", "b"),
                read(1, 30, "a"));
    }

    @Test
    void aConfirmedAppendThatALaterReadMissesIsFound() {
        assertWrong(Rule.CONFIRMED_STAYS, confirmed(1, 1, 0, "a"), confirmed(1, 2, 10, "b"), read(1, 20, "a"));
    }

    @Test
    void aReadThatBeganBeforeTheConfirmationMayMissIt() {
        assertRight(confirmed(1, 1, 0, "a"), confirmed(1, 2, 20, "b"), read(1, 20, "a"));
    }

    @Test
    void anEventThatIsStoredTwiceIsFound() {
        assertWrong(Rule.ONLY_WHAT_WAS_APPENDED, confirmed(1, 1, 0, "a"), read(1, 20, "a", "a"));
    }

    @Test
    void anEventInTheWrongPlaceIsFound() {
        assertWrong(
                Rule.ONLY_WHAT_WAS_APPENDED,
                append(1, 1, Outcome.NOT_KNOWN, 0, "a"),
                append(1, 2, Outcome.NOT_KNOWN, 10, "b"),
                read(1, 20, "b", "a"));
    }

    @Test
    void anEventThatNobodyAppendedIsFound() {
        assertWrong(Rule.ONLY_WHAT_WAS_APPENDED, confirmed(1, 1, 0, "a"), read(1, 20, "a", "x"));
    }

    @Test
    void twoNodesThatDisagreeAreFound() {
        assertWrong(
                Rule.SAME_EVENT_EVERYWHERE,
                append(1, 1, Outcome.NOT_KNOWN, 0, "a"),
                append(2, 1, Outcome.NOT_KNOWN, 0, "b"),
                read(1, 20, "a"),
                new Glance("n3", P, 1, 1, events(1, "b"), 30));
    }

    @Test
    void aConfirmedAppendThatWasReplacedIsFound() {
        assertWrong(
                Rule.SAME_EVENT_EVERYWHERE,
                confirmed(1, 1, 0, "a"),
                append(2, 1, Outcome.NOT_KNOWN, 0, "b"),
                read(1, 20, "b"));
    }

    @Test
    void aRefusedAppendThatIsStoredIsFound() {
        assertWrong(Rule.REFUSED_IS_NOT_STORED, append(1, 1, Outcome.REFUSED, 0, "a"), read(1, 20, "a"));
    }

    @Test
    void aPartOfAnAppendIsFound() {
        assertWrong(Rule.ALL_OR_NONE, append(1, 1, Outcome.NOT_KNOWN, 0, "a", "b"), read(1, 20, "a"));
        assertWrong(
                Rule.ALL_OR_NONE,
                append(1, 1, Outcome.NOT_KNOWN, 0, "a", "b"),
                append(2, 2, Outcome.NOT_KNOWN, 0, "c"),
                read(1, 20, "a", "c"));
    }

    @Test
    void aHoleIsFound() {
        assertWrong(
                Rule.NO_HOLE,
                confirmed(1, 1, 0, "a", "b", "c"),
                new Glance("n2", P, 1, 3, List.of(new Answer.Event(1, "a"), new Answer.Event(3, "c")), 20));
    }

    @Test
    void aReadThatEndsBeforeTheHighestEventIsFound() {
        assertWrong(Rule.NO_HOLE, confirmed(1, 1, 0, "a", "b"), new Read("n2", P, 1, 2, events(1, "a"), 20, 21));
    }

    @Test
    void anEventOfADeadEpochAfterOneOfTheNextIsFound() {
        assertWrong(
                Rule.DEAD_EPOCH_IS_SILENT,
                confirmed(1, 1, 0, "a"),
                confirmed(2, 2, 10, "b"),
                confirmed(1, 3, 20, "c"),
                read(1, 30, "a", "b", "c"));
    }

    @Test
    void anEventOfADeadEpochAfterTheFenceIsFound() {
        assertWrong(
                Rule.DEAD_EPOCH_IS_SILENT,
                confirmed(1, 1, 0, "a"),
                new TakeOver("n2", P, 2, 1, 10, 11),
                append(1, 2, Outcome.NOT_KNOWN, 5, "b"),
                read(1, 30, "a", "b"));
    }

    @Test
    void whatTheFenceSawMustStay() {
        assertWrong(
                Rule.READS_NEVER_GO_BACK,
                confirmed(1, 1, 0, "a"),
                append(1, 2, Outcome.NOT_KNOWN, 5, "b"),
                new TakeOver("n2", P, 2, 2, 10, 11),
                read(1, 30, "a"));
    }

    @Test
    void aDeletionMayTakeWhatItNamesAndNoMore() {
        Append appended = confirmed(1, 1, 0, "a", "b", "c");
        var deleted = new Delete("n1", P, 2, Outcome.CONFIRMED, 10, 11);

        assertRight(appended, deleted, new Read("n2", P, 1, 3, events(3, "c"), 20, 21));
        assertWrong(Rule.NO_HOLE, appended, deleted, new Read("n2", P, 1, 3, List.of(), 20, 21));
        assertWrong(Rule.DELETED_STAYS_DELETED, appended, deleted, read(1, 20, "a", "b", "c"));
    }

    @Test
    void allWrongsAreReportedAtOnce() {
        List<Rule> found = HistoryChecker.check(
                        List.of(confirmed(1, 1, 0, "a"), confirmed(1, 2, 0, "b"), read(1, 20, "x"), read(1, 30)))
                .stream()
                .map(Breach::rule)
                .distinct()
                .sorted()
                .toList();

        assertEquals(Arrays.asList(Rule.SAME_EVENT_EVERYWHERE, Rule.CONFIRMED_STAYS, Rule.READS_NEVER_GO_BACK), found);
    }
}
