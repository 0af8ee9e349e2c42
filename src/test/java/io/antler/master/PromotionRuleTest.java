package io.antler.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.master.PromotionRule.Progress;
import io.antler.master.PromotionRule.Proof;
import io.antler.master.PromotionRule.Step;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromotionRuleTest {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long FREE_AT = 3_000;
    private static final Proof PROOF = new Proof("00aa", 120);
    private static final OptionalLong FENCE = OptionalLong.of(40);

    @Test
    void theFenceComesBeforeEverything() {
        assertEquals(
                new Step.Fence(),
                next(progress(0, OptionalLong.empty(), 40, true, PROOF, true, NEVER, false, false, null)));
    }

    @Test
    void whatIsUnderWayIsNotBegunAgain() {
        assertEquals(
                new Step.Wait(new Step.Fence()),
                next(progress(0, OptionalLong.empty(), 0, false, null, false, NEVER, false, false, new Step.Fence())));
        assertEquals(
                new Step.Wait(new Step.FeedTail(40)),
                next(progress(0, FENCE, 39, false, null, false, NEVER, false, false, new Step.FeedTail(40))));
    }

    @Test
    void theTailIsFedUpToTheFenceBeforeTheStandbyIsLetGo() {
        assertEquals(
                new Step.FeedTail(40), next(progress(0, FENCE, 39, false, null, false, NEVER, false, false, null)));
        assertEquals(new Step.LetGo(), next(progress(0, FENCE, 40, false, null, false, NEVER, false, false, null)));
        assertEquals(new Step.Verify(), next(progress(0, FENCE, 40, true, null, false, NEVER, false, false, null)));
    }

    @Test
    void metadataOtherThanTheJournalsNeverServes() {
        var older = new Proof("00aa", 119);

        assertEquals(
                new Step.GiveUp("mfsmaster has metadata id 00aa at version 119, the journal has 00aa at version 120"),
                next(progress(0, FENCE, 40, true, older, false, NEVER, false, false, null)));
    }

    @Test
    void theOlderLeaseIsWaitedOutAfterTheRestIsReady() {
        assertEquals(new Step.Follow(), next(progress(0, FENCE, 40, true, PROOF, false, NEVER, false, false, null)));
        assertEquals(new Step.HoldLease(), next(progress(0, FENCE, 40, true, PROOF, true, NEVER, false, false, null)));
        assertEquals(
                new Step.AwaitLease(FREE_AT),
                next(progress(FREE_AT - 1, FENCE, 40, true, PROOF, true, 9_000, false, false, null)));
    }

    @Test
    void theDoorOpensBeforeTheAddressIsTaken() {
        assertEquals(
                new Step.OpenDoor(), next(progress(FREE_AT, FENCE, 40, true, PROOF, true, 9_000, false, false, null)));
        assertEquals(
                new Step.TakeAddress(),
                next(progress(FREE_AT, FENCE, 40, true, PROOF, true, 9_000, true, false, null)));
        assertEquals(new Step.Serve(), next(progress(FREE_AT, FENCE, 40, true, PROOF, true, 9_000, true, true, null)));
    }

    @Test
    void aLeaseThatRanOutEndsThePromotionAlsoAfterTheDoorWasOpened() {
        assertEquals(
                new Step.GiveUp("own lease ran out 2 ms ago"),
                next(progress(11_000_000, FENCE, 40, true, PROOF, true, 9_000_000, true, false, null)));
    }

    private static Step next(Progress progress) {
        return PromotionRule.next(progress);
    }

    private static Progress progress(
            long now,
            OptionalLong fence,
            long fed,
            boolean letGo,
            @Nullable Proof proven,
            boolean inSync,
            long leaseUntil,
            boolean doorOpen,
            boolean addressTaken,
            @Nullable Step underWay) {
        return new Progress(
                now, fence, fed, letGo, PROOF, proven, inSync, FREE_AT, leaseUntil, doorOpen, addressTaken, underWay);
    }
}
