package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MastershipLeaseTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final Duration INTERVAL = Duration.ofMillis(400);
    private static final Duration LENGTH = Duration.ofSeconds(2);

    private final AtomicLong clock = new AtomicLong();
    private final BlockingQueue<CompletableFuture<Done>> renewals = new LinkedBlockingQueue<>();
    private final TestProbe<MastershipLease.Event> owner = KIT.createTestProbe();
    private final ActorRef<MastershipLease.Command> lease = KIT.spawn(
            MastershipLease.create(this::renewal, new LeaseTerms(LENGTH, INTERVAL, 0.01), clock::get, owner.getRef()));

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    private CompletionStage<Done> renewal() {
        var renewal = new CompletableFuture<Done>();
        renewals.add(renewal);
        return renewal;
    }

    private CompletableFuture<Done> sent() {
        try {
            var renewal = renewals.poll(3, TimeUnit.SECONDS);
            if (renewal == null) {
                throw new AssertionError("no renewal was sent");
            }
            return renewal;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        TIME.timePasses(time);
    }

    @BeforeEach
    void firstTimer() {
        TIME.timePasses(Duration.ZERO);
    }

    @Test
    void theLeaseIsCountedFromTheSendingOfTheRenewal() {
        var renewal = sent();
        clock.addAndGet(Duration.ofMillis(300).toNanos()); // on its way

        renewal.complete(Done.getInstance());

        owner.expectMessage(new MastershipLease.Held(LENGTH.toNanos()));
    }

    @Test
    void itLapsesAtItsEndAndAFreshRenewalHoldsAgain() {
        sent().complete(Done.getInstance());
        owner.expectMessage(new MastershipLease.Held(LENGTH.toNanos()));

        for (int i = 0; i < 6; i++) {
            pass(INTERVAL);
            var _ = sent();
        }
        owner.expectMessage(new MastershipLease.Lapsed());

        pass(INTERVAL);
        sent().complete(Done.getInstance());
        owner.expectMessage(
                new MastershipLease.Held(INTERVAL.multipliedBy(7).plus(LENGTH).toNanos()));
    }

    @Test
    void aConfirmationThatComesAfterItsOwnEndHoldsNothing() {
        var late = sent();
        clock.addAndGet(LENGTH.toNanos());

        late.complete(Done.getInstance());

        owner.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void anOlderConfirmationDoesNotShortenTheLease() {
        var first = sent();
        pass(INTERVAL);
        sent().complete(Done.getInstance());
        owner.expectMessage(new MastershipLease.Held(INTERVAL.plus(LENGTH).toNanos()));

        first.complete(Done.getInstance());

        owner.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void aFailedRenewalIsTriedAgain() {
        sent().completeExceptionally(new OutcomeNotKnown("no majority"));

        pass(INTERVAL);

        sent().complete(Done.getInstance());
        owner.expectMessageClass(MastershipLease.Held.class);
    }

    @Test
    void aRefusedEpochIsFinal() {
        sent().completeExceptionally(new EpochRefused(new Epoch(1), new Epoch(2)));

        assertEquals(new MastershipLease.Refused(new Epoch(2)), owner.receiveMessage());
        owner.expectTerminated(lease);
    }

    @Test
    void stoppedItRenewsNoMore() {
        var _ = sent();

        lease.tell(new MastershipLease.Stop());

        owner.expectTerminated(lease);
        pass(INTERVAL);
        assertEquals(0, renewals.size());
    }
}
