package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(2), Duration.ofMillis(400), 0.01);

    @Test
    void theHolderEndsBeforeTheSuccessorBegins() {
        long sent = 5 * SECOND;
        long received = sent; // no earlier

        assertTrue(TERMS.holderEnd(sent) < TERMS.successorStart(received));
        assertEquals(7 * SECOND, TERMS.holderEnd(sent));
        assertEquals(7 * SECOND + SECOND / 50, TERMS.successorStart(received));
    }

    @Test
    void renewingTooRarelyOrClocksTooWildAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LeaseTerms(Duration.ofSeconds(2), Duration.ofMillis(700), 0.01));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LeaseTerms(Duration.ofSeconds(2), Duration.ofMillis(400), 0.5));
    }

    @Test
    void aSuccessorWaitsForTheLastRenewalOfAnyOlderEpoch() {
        var watch = LeaseWatch.NONE.renewed(SECOND).fenced().fenced(); // the epoch between never renewed

        assertEquals(TERMS.successorStart(SECOND), watch.mayOpenAt(TERMS));
    }

    @Test
    void renewalsOfItsOwnDoNotMoveTheSuccessorsStart() {
        var watch = LeaseWatch.NONE.renewed(SECOND).fenced().renewed(9 * SECOND);

        assertEquals(TERMS.successorStart(SECOND), watch.mayOpenAt(TERMS));
    }

    @Test
    void aReleasedLeaseNeedNotBeWaitedOut() {
        assertEquals(
                Long.MIN_VALUE,
                LeaseWatch.NONE.renewed(SECOND).released().fenced().mayOpenAt(TERMS));
    }

    @Test
    void aReplicaThatStartsWaitsForWhatItMayHaveMissed() {
        assertEquals(TERMS.successorStart(SECOND), LeaseWatch.started(SECOND).mayOpenAt(TERMS));
        assertEquals(
                TERMS.successorStart(SECOND),
                LeaseWatch.started(SECOND).fenced().mayOpenAt(TERMS));
    }
}
