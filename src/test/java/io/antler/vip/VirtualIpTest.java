package io.antler.vip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.eventstream.EventStream;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.Epoch;
import io.antler.vip.VirtualIp.Command;
import io.antler.vip.VirtualIp.GiveUp;
import io.antler.vip.VirtualIp.GivenUp;
import io.antler.vip.VirtualIp.Refresh;
import io.antler.vip.VirtualIp.Take;
import io.antler.vip.VirtualIp.TakeRefused;
import io.antler.vip.VirtualIp.TakeReply;
import io.antler.vip.VirtualIp.Taken;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VirtualIpTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final Epoch EPOCH = new Epoch(4);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Optional<MacAddress> SOMEBODY = Optional.of(MacAddress.parse("02:00:00:00:00:0b"));
    private static final VipSettings SETTINGS = new VipSettings(
            VipAddress.parse("10.0.0.9/24").orElseThrow(),
            "eth0",
            3,
            Duration.ofMillis(200),
            Duration.ofMillis(150),
            Duration.ofSeconds(2));

    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final TestProbe<String> provider = KIT.createTestProbe();
    private final TestProbe<TakeReply> caller = KIT.createTestProbe();
    private final TestProbe<GivenUp> releaser = KIT.createTestProbe();
    private final TestProbe<AddressChanged> monitor = KIT.createTestProbe();
    private final FakeVip vip = new FakeVip(provider.getRef());
    private final ActorRef<Command> virtualIp = KIT.spawn(VirtualIp.create(vip, SETTINGS, clock::get));

    @BeforeEach
    void watch() {
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(AddressChanged.class, monitor.getRef()));
    }

    @AfterEach
    void stop() {
        KIT.system().eventStream().tell(new EventStream.Unsubscribe<>(monitor.getRef()));
        KIT.stop(virtualIp);
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void takingProbesTakesAnnouncesAndThenAnswers() {
        LoggingTestKit.info("epoch=4 address taken address=10.0.0.9/24 interface=eth0")
                .expect(KIT.system(), () -> {
                    virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
                    return caller.expectMessage(new Taken(EPOCH));
                });

        provider.expectMessage("probe");
        provider.expectMessage("take until " + leaseEnd());
        provider.expectMessage("announce");
        monitor.expectMessage(new AddressChanged(true));

        for (int more = 1; more < SETTINGS.announcements(); more++) {
            pass(SETTINGS.announcementInterval());
            provider.expectMessage("announce");
        }
        pass(SETTINGS.announcementInterval().multipliedBy(3));
        provider.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void anAddressThatIsNotRefreshedIsGivenUpWhenTheLeaseEnds() {
        taken();
        pass(Duration.ofMillis(400));
        virtualIp.tell(new Refresh(leaseEnd()));
        provider.expectMessage("refresh until " + leaseEnd());

        for (int steps = 0; steps < 7; steps++) {
            pass(Duration.ofMillis(250));
        }
        provider.expectNoMessage(Duration.ofMillis(50)); // 250 ms before the end
        pass(Duration.ofMillis(250));

        provider.expectMessage("give up");
        monitor.expectMessage(new AddressChanged(false));
    }

    @Test
    void aMachineThatSleptThroughItsLeaseGivesUpAtItsFirstLookAtTheClock() {
        taken();
        clock.addAndGet(LEASE.toNanos());

        virtualIp.tell(new Refresh(clock.get())); // of a renewal that was sent before the sleep
        TIME.timePasses(Duration.ofMillis(250));

        provider.expectMessage("give up");
    }

    @Test
    void aFormerOwnerIsWaitedForAndTheCallerIsAnsweredInTheEnd() {
        vip.owner(SOMEBODY);
        LoggingTestKit.warn("epoch=4 address not yet free").expect(KIT.system(), () -> {
            virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
            return provider.expectMessage("probe");
        });

        vip.owner(Optional.empty());
        pass(VirtualIp.PROBE_AGAIN_IN_GRACE);

        provider.expectMessage("probe");
        provider.expectMessage("take until " + (leaseEnd() - VirtualIp.PROBE_AGAIN_IN_GRACE.toNanos()));
        caller.expectMessage(new Taken(EPOCH));
    }

    @Test
    void aForeignOwnerIsAnErrorAndAskedEachSecondWhileTheLeaseHolds() {
        vip.owner(SOMEBODY);
        long hour = clock.get() + Duration.ofHours(1).toNanos();
        LoggingTestKit.warn("epoch=4 address not yet free").expect(KIT.system(), () -> {
            virtualIp.tell(new Take(EPOCH, hour, caller.getRef()));
            return provider.expectMessage("probe");
        });

        LoggingTestKit.error("mac=02:00:00:00:00:0b: another machine answers for it.")
                .expect(KIT.system(), () -> {
                    clock.addAndGet(VirtualIp.FOREIGN_GRACE.toNanos());
                    TIME.timePasses(VirtualIp.PROBE_AGAIN_IN_GRACE);
                    return provider.expectMessage("probe");
                });
        TIME.timePasses(VirtualIp.PROBE_AGAIN.minusMillis(1));
        provider.expectNoMessage(Duration.ofMillis(50));
        vip.owner(Optional.empty());
        TIME.timePasses(Duration.ofMillis(1));

        provider.expectMessage("probe");
        caller.expectMessage(new Taken(EPOCH));
    }

    @Test
    void aTakeThatOutlivesItsLeaseIsRefusedAndUndone() {
        vip.neverAnswer("take");
        virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
        provider.expectMessage("probe");
        provider.expectMessage("take until " + leaseEnd());

        for (int steps = 0; steps < 8; steps++) {
            pass(Duration.ofMillis(250));
        }

        caller.expectMessage(new TakeRefused(EPOCH, "the lease has ended"));
        provider.expectMessage("give up");
    }

    @Test
    void aFailedTakeIsRefusedWithItsReasonAndUndone() {
        vip.fail("take");
        virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));

        caller.expectMessage(new TakeRefused(EPOCH, "take did not work"));
        provider.expectMessage("probe");
        provider.expectMessage("take until " + leaseEnd());
        provider.expectMessage("give up");
    }

    @Test
    void givingUpIsTriedAgainUntilTheKernelHasRemovedTheAddressByItself() {
        taken();
        vip.fail("give up");

        virtualIp.tell(new GiveUp(releaser.getRef()));
        provider.expectMessage("give up");
        TIME.timePasses(VirtualIp.GIVE_UP_AGAIN);
        provider.expectMessage("give up");
        virtualIp.tell(new GiveUp(releaser.getRef()));
        releaser.expectNoMessage(Duration.ofMillis(50));
        TIME.timePasses(LEASE.plusNanos(Lifetime.MAX_EXTRA_NANOS));

        releaser.expectMessageClass(GivenUp.class);
        releaser.expectMessageClass(GivenUp.class);
        monitor.expectMessage(new AddressChanged(false));
    }

    @Test
    void givingUpDuringATakeAnswersBoth() {
        vip.neverAnswer("probe");
        virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
        provider.expectMessage("probe");

        virtualIp.tell(new GiveUp(releaser.getRef()));

        caller.expectMessage(new TakeRefused(EPOCH, "given up before it was taken"));
        releaser.expectMessageClass(GivenUp.class);
    }

    @Test
    void whatIsAskedTwiceIsAnsweredTwice() {
        virtualIp.tell(new GiveUp(releaser.getRef()));
        releaser.expectMessageClass(GivenUp.class);

        taken();
        virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
        caller.expectMessage(new Taken(EPOCH));
        virtualIp.tell(new Take(EPOCH.next(), leaseEnd(), caller.getRef()));
        caller.expectMessage(new TakeRefused(EPOCH.next(), "it is held for epoch 4"));
    }

    @Test
    void aLeaseThatHasEndedTakesNothing() {
        virtualIp.tell(new Take(EPOCH, clock.get(), caller.getRef()));

        caller.expectMessage(new TakeRefused(EPOCH, "the lease has ended"));
        provider.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void theAddressIsGivenUpWhenTheActorStops() {
        taken();

        KIT.stop(virtualIp);

        provider.expectMessage("give up");
        monitor.expectMessage(new AddressChanged(false));
    }

    @Test
    void aRefreshThatFailsIsToldAndTheNextOneTriesAgain() {
        taken();
        vip.fail("refresh");
        clock.incrementAndGet();
        LoggingTestKit.warn("address not refreshed").expect(KIT.system(), () -> {
            virtualIp.tell(new Refresh(leaseEnd()));
            return provider.receiveMessage();
        });

        vip.fail("");
        clock.incrementAndGet();
        virtualIp.tell(new Refresh(leaseEnd()));

        assertEquals("refresh until " + leaseEnd(), provider.receiveMessage());
    }

    private void taken() {
        virtualIp.tell(new Take(EPOCH, leaseEnd(), caller.getRef()));
        caller.expectMessage(new Taken(EPOCH));
        provider.expectMessage("probe");
        provider.expectMessage("take until " + leaseEnd());
        provider.expectMessage("announce");
        monitor.expectMessage(new AddressChanged(true));
        for (int more = 1; more < SETTINGS.announcements(); more++) {
            TIME.timePasses(SETTINGS.announcementInterval());
            provider.expectMessage("announce");
        }
    }

    private long leaseEnd() {
        return clock.get() + LEASE.toNanos();
    }

    /** Both clocks: that of the timers and that of the lease. */
    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        TIME.timePasses(time);
    }
}
