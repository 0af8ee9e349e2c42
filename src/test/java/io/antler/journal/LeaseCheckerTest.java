package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.Breach.Rule;
import io.antler.journal.Observation.Held;
import io.antler.journal.Observation.Opened;
import io.antler.journal.Observation.SideGivenUp;
import io.antler.journal.Observation.SideHeld;
import io.antler.journal.Observation.Silent;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseCheckerTest {
    private static Held held(long epoch, long from, long until) {
        return new Held("n" + epoch, "p", epoch, from, until);
    }

    private static Opened opened(long epoch, long at) {
        return new Opened("n" + epoch, "p", epoch, at);
    }

    private static List<Rule> mastership(Observation... observations) {
        return rules(LeaseChecker.mastership(List.of(observations)));
    }

    private static List<Rule> side(Observation... observations) {
        return rules(LeaseChecker.side(List.of(observations)));
    }

    private static List<Rule> rules(List<Breach> breaches) {
        return breaches.stream().map(Breach::rule).toList();
    }

    @Test
    void anEpochThatOpensWhenTheOneBeforeHasEndedIsRight() {
        assertEquals(List.of(), mastership(opened(1, 0), held(1, 0, 10), opened(2, 10), held(2, 8, 20)));
    }

    @Test
    void anEpochThatOpensTooEarlyIsFound() {
        assertEquals(List.of(Rule.ONE_HOLDER), mastership(held(1, 0, 10), opened(2, 9)));
    }

    @Test
    void anyOlderEpochCounts() {
        assertEquals(List.of(Rule.ONE_HOLDER), mastership(held(1, 0, 10), opened(2, 10), opened(3, 9)));
    }

    @Test
    void aRenewalThatIsConfirmedAfterTheNextEpochOpenedCounts() {
        assertEquals(List.of(Rule.ONE_HOLDER), mastership(opened(2, 9), held(1, 8, 18)));
    }

    @Test
    void whoIsSilentHoldsNothing() {
        assertEquals(List.of(), mastership(held(1, 0, 10), new Silent("n1", "p", 1, 5), opened(2, 5)));
        assertEquals(List.of(Rule.ONE_HOLDER), mastership(held(1, 0, 10), new Silent("n1", "p", 1, 5), opened(2, 4)));
    }

    @Test
    void oneSideOwnerAfterTheOtherIsRight() {
        assertEquals(
                List.of(),
                side(new SideHeld("s", "a", 0, 10), new SideHeld("s", "a", 5, 15), new SideHeld("s", "b", 15, 20)));
    }

    @Test
    void twoSideOwnersAtOneMomentAreFound() {
        assertEquals(List.of(Rule.ONE_SIDE_OWNER), side(new SideHeld("s", "b", 9, 20), new SideHeld("s", "a", 0, 10)));
    }

    @Test
    void whatTheSideOwnerGaveUpCountsNoMore() {
        var first = new SideHeld("s", "a", 0, 10);
        var givenUp = new SideGivenUp("s", "a", 5);

        assertEquals(List.of(), side(first, givenUp, new SideHeld("s", "b", 6, 20)));
        assertEquals(
                List.of(Rule.ONE_SIDE_OWNER),
                side(first, givenUp, new SideHeld("s", "a", 6, 16), new SideHeld("s", "b", 7, 20)));
    }
}
