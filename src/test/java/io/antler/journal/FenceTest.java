package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.Fence.Verdict;
import org.junit.jupiter.api.Test;

class FenceTest {
    private static final Epoch FIRST = new Epoch(1);
    private static final Epoch SECOND = new Epoch(2);
    private static final Fence TAKEN = new Fence(SECOND, 10);

    @Test
    void theNextEventsOfTheEpochInForceAreStored() {
        assertEquals(new Verdict.Accepted(new Fence(SECOND, 13)), TAKEN.append(SECOND, 11, 3));
    }

    @Test
    void anOlderEpochStoresNothingMore() {
        assertEquals(new Verdict.OlderEpoch(FIRST, SECOND), TAKEN.append(FIRST, 11, 1));
    }

    @Test
    void eventsThatAreNotFencedNeedOnlyTheNextNumber() {
        assertEquals(new Verdict.Accepted(new Fence(SECOND, 11)), TAKEN.append(Epoch.NONE, 11, 1));
    }

    @Test
    void aGapAndARepeatedNumberAreRefused() {
        assertEquals(new Verdict.OutOfSequence(12, 11), TAKEN.append(SECOND, 12, 1));
        assertEquals(new Verdict.OutOfSequence(10, 11), TAKEN.append(SECOND, 10, 1));
    }

    @Test
    void takingOverTwiceWithTheSameEpochChangesNothing() {
        assertEquals(new Verdict.Accepted(TAKEN), TAKEN.takeOver(SECOND));
        assertEquals(new Verdict.OlderEpoch(FIRST, SECOND), TAKEN.takeOver(FIRST));
    }

    @Test
    void onlyTheEpochInForceHasALease() {
        assertEquals(new Verdict.Accepted(TAKEN), TAKEN.lease(SECOND));
        assertEquals(new Verdict.OlderEpoch(FIRST, SECOND), TAKEN.lease(FIRST));
        assertEquals(new Verdict.OlderEpoch(new Epoch(3), SECOND), TAKEN.lease(new Epoch(3)));
    }
}
