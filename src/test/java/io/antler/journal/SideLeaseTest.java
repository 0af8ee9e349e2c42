package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorSystem;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.coordination.lease.javadsl.Lease;
import akka.coordination.lease.javadsl.LeaseProvider;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Akka's lease on a real group; its clock moves by hand, its timers by themselves. */
class SideLeaseTest {
    private static final Duration LENGTH = Duration.ofSeconds(1000);
    private static final NodeId N1 = new NodeId("n1");

    private final AtomicLong clock = new AtomicLong(5_000_000_000L);
    private TestGroup group;
    private RaftGroup peer;
    private ActorSystem system;

    @BeforeEach
    void start(@TempDir Path directory) {
        group = TestGroup.of(directory, 1, clock::get);
        peer = group.start(N1);
        group.awaitLeader();
        system = ActorSystem.create(
                "lease",
                ActorSystemSetup.create(
                        new RaftSetup(peer),
                        BootstrapSetup.create(ConfigFactory.parseString("""
                                antler.journal.side-lease.heartbeat-timeout = 1000 s
                                antler.journal.side-lease.heartbeat-interval = 20 ms
                                """).withFallback(ConfigFactory.load()))));
    }

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
        group.close();
    }

    private Lease lease(String name, String owner) {
        return LeaseProvider.get(system).getLease(name, "antler.journal.side-lease", owner);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void oneOwnerHasItAtATime() {
        Lease a = lease("x", "a");
        Lease b = lease("x", "b");

        assertTrue(Await.of(a.acquire()));

        assertTrue(a.checkLease());
        assertFalse(Await.of(b.acquire()));
        assertFalse(b.checkLease());
        assertTrue(Await.of(lease("y", "b").acquire()), "another name is another lease");
    }

    @Test
    void whoReleasesItGivesItToTheNext() {
        Lease a = lease("x", "a");
        Lease b = lease("x", "b");
        Await.of(a.acquire());

        assertTrue(Await.of(a.release()));

        assertFalse(a.checkLease());
        assertTrue(Await.of(b.acquire()));
    }

    @Test
    void itIsRenewedByItselfAsLongAsTheTimeBetweenIsShort() {
        Lease a = lease("x", "a");
        Await.of(a.acquire());

        for (int i = 0; i < 4; i++) {
            long turn = peer.sideLease("x").holding().turn();
            pass(LENGTH.dividedBy(2));
            Await.until("a renewal", () -> peer.sideLease("x").holding().turn() > turn + 1);
        }

        assertTrue(a.checkLease());
        assertFalse(Await.of(lease("x", "b").acquire()));
    }

    @Test
    void anOwnerThatSleptTooLongHasLostItAndIsTold() throws InterruptedException {
        Lease a = lease("x", "a");
        BlockingQueue<Optional<Throwable>> losses = new LinkedBlockingQueue<>();
        Await.of(a.acquire(losses::add));

        pass(LENGTH);

        assertFalse(a.checkLease(), "by its own clock, before any timer");
        assertTrue(losses.poll(30, TimeUnit.SECONDS) != null, "told");
        assertFalse(Await.of(lease("x", "b").acquire()), "not before the drift has passed, too");
        pass(LENGTH.dividedBy(50));
        assertTrue(Await.of(lease("x", "b").acquire()));
        assertFalse(a.checkLease());
    }

    @Test
    void anOwnerWhoseLeaseWasTakenIsTold() throws InterruptedException {
        Lease a = lease("x", "a");
        BlockingQueue<Optional<Throwable>> losses = new LinkedBlockingQueue<>();
        Await.of(a.acquire(losses::add));
        // a taker that takes any turn for run out: a defect, or a clock far off
        Await.until(
                "taken from it",
                () -> Await.of(peer.ask(new Entry.TakeSideLease(
                                "x", "b", peer.sideLease("x").holding().turn())))
                        instanceof SideLeases.Taken);

        assertEquals(Optional.empty(), losses.poll(30, TimeUnit.SECONDS));
        assertFalse(a.checkLease());
    }

    @Test
    void aTurnThatHasPassedIsNoReasonToTakeIt() {
        Await.of(peer.ask(new Entry.TakeSideLease("x", "a", -1)));
        Await.of(peer.ask(new Entry.RenewSideLease("x", "a")));

        var answer = Await.of(peer.ask(new Entry.TakeSideLease("x", "b", 1)));

        assertEquals(new SideLeases.HeldBy("a", 2), answer);
    }

    @Test
    void aReleaseThatComesTwiceDoesNotEndWhatTheSameOwnerAcquiredMeanwhile() {
        Await.of(peer.ask(new Entry.TakeSideLease("x", "a", -1)));
        var release = new Entry.ReleaseSideLease("x", "a", 1);
        Await.of(peer.ask(release));
        Await.of(peer.ask(new Entry.TakeSideLease("x", "a", -1)));

        Await.of(peer.ask(release));

        assertEquals(new SideLeases.HeldBy("a", 3), Await.of(peer.ask(new Entry.TakeSideLease("x", "b", -1))));
    }

    @Test
    void aRestartedReplicaCountsItAsJustRenewed() {
        Await.of(peer.ask(new Entry.TakeSideLease("x", "a", -1)));
        pass(LENGTH.multipliedBy(2));
        group.stop(N1);

        RaftGroup restarted = group.start(N1);

        var seen = restarted.sideLease("x");
        assertEquals(new SideLeases.Holding("a", 1), seen.holding());
        assertEquals(-1, seen.ranOut(clock.get(), LENGTH));
        assertEquals(1, seen.ranOut(clock.get() + LENGTH.toNanos(), LENGTH));
    }

    @Test
    void withoutAMajorityNobodyGetsIt(@TempDir Path directory) {
        try (var three = TestGroup.of(directory, 3, clock::get)) {
            RaftGroup alone = three.start(N1);

            assertThrows(OutcomeNotKnown.class, () -> Await.of(alone.ask(new Entry.TakeSideLease("x", "a", -1))));
        }
    }
}
