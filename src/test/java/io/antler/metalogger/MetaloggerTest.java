package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.util.ByteString;
import io.antler.journal.Epoch;
import io.antler.moosefs.Change;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetaloggerTest {
    private static final ActorTestKit kit = ActorTestKit.create(TestConfig.forJournal());
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TestProbe<Metalogger.Event> owner = kit.createTestProbe();
    private final TestProbe<ChangesWriter.Command> writer = kit.createTestProbe();
    private final TestProbe<Metalogger.BarrierPassed> caller = kit.createTestProbe();
    private final FakeMaster master;

    MetaloggerTest() throws IOException {
        master = new FakeMaster(100);
    }

    @BeforeEach
    void emptyJournal() {
        PersistenceTestKit.create(kit.system()).clearAll();
    }

    @AfterEach
    void stopMaster() throws IOException {
        master.close();
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    private static Change change(long version) {
        return new Change(version, "1795374474|CREATE(1,n" + version + "):" + version);
    }

    private static Change[] changes(long from, long to) {
        return LongStream.range(from, to).mapToObj(MetaloggerTest::change).toArray(Change[]::new);
    }

    /** With the test in the writer's place. */
    private ActorRef<Metalogger.Command> follow(long next) throws InterruptedException {
        return follow(next, writer.getRef());
    }

    private ActorRef<Metalogger.Command> follow(long next, ActorRef<ChangesWriter.Command> to)
            throws InterruptedException {
        var actor = kit.spawn(Metalogger.create(master.target(), next, TestConfig.settings(), to, owner.getRef()));
        master.follower();
        return actor;
    }

    private ChangesWriter.Append append() {
        return (ChangesWriter.Append) writer.receiveMessage(PATIENCE);
    }

    private static void confirm(ChangesWriter.Append append) {
        append.replyTo().tell(StatusReply.success(append.changes().getLast().version() + 1));
    }

    /** Changes sent together may be stored in several batches. */
    private List<Change> confirmUpTo(long next) {
        List<Change> changes = new ArrayList<>();
        while (changes.isEmpty() || changes.getLast().version() + 1 < next) {
            var append = append();
            changes.addAll(append.changes());
            confirm(append);
        }
        return changes;
    }

    private void expectJournaled(long next) {
        owner.fishForMessage(
                PATIENCE,
                event -> event.equals(new Metalogger.Journaled(next))
                        ? FishingOutcomes.complete()
                        : event instanceof Metalogger.Journaled
                                ? FishingOutcomes.continueAndIgnore()
                                : FishingOutcomes.fail(event.toString()));
    }

    private void assertEnded(String reason) {
        var ended = (Metalogger.Ended) owner.receiveMessage(PATIENCE);
        assertTrue(ended.reason().contains(reason), ended.reason());
    }

    @Test
    void itRegistersFromTheNextVersionAndProvesThatNothingIsMissing() throws Exception {
        follow(97);

        assertEquals(Packet.register(97, 10), master.received());
        Packet request = master.expect(Packet.GET_VERSION);
        master.send(changes(97, 100));
        confirmUpTo(100);
        expectJournaled(100);
        master.answer(request);

        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));
    }

    @Test
    void aMasterThatSkippedChangesIsNotInSync() throws Exception {
        follow(97);

        master.provesInSync(); // without 97 to 99, as a 3.0 master that has forgotten them

        owner.expectMessage(new Metalogger.Journaled(97));
        assertEnded("sent no changes from 97");
    }

    @Test
    void aMasterBehindTheJournalIsRefused() throws Exception {
        follow(101);

        assertEnded("behind ours, 101");
    }

    @Test
    void anotherFileSystemIsRefused() throws Exception {
        master.id = new MetadataId(7);
        follow(100);

        assertEnded("another file system");
    }

    @Test
    void whileOneAppendIsUnderWayTheNextBatchCollects() throws Exception {
        follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        master.send(change(100));
        var first = append();
        for (long version = 101; version < 400; version++) {
            master.send(change(version));
        }
        writer.expectNoMessage();
        confirm(first);
        owner.expectMessage(new Metalogger.Journaled(101));

        List<Change> rest = new ArrayList<>();
        int appends = 0;
        while (rest.size() < 299) {
            var next = append();
            rest.addAll(next.changes());
            appends++;
            confirm(next);
        }
        assertEquals(List.of(change(100)), first.changes());
        assertEquals(List.of(changes(101, 400)), rest);
        assertTrue(appends <= 50, appends + " appends for what waited");
    }

    @Test
    void aBatchHasABound() throws Exception {
        follow(100);
        master.provesInSync();
        var lines = changes(100, 100 + 12_000);

        master.send(lines);

        List<Change> got = new ArrayList<>();
        while (got.size() < lines.length) {
            var next = append();
            assertTrue(next.changes().size() <= 5000);
            got.addAll(next.changes());
            confirm(next);
        }
        assertEquals(List.of(lines), got);
    }

    @Test
    void aBarrierIsPassedWhenTheChangesBeforeItAreStored() throws Exception {
        var metalogger = follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));

        metalogger.tell(new Metalogger.Barrier(caller.getRef()));
        Packet request = master.expect(Packet.GET_VERSION);
        master.send(changes(100, 103));
        master.answer(request);
        List<ChangesWriter.Append> appends = new ArrayList<>(List.of(append()));
        caller.expectNoMessage();
        while (appends.getLast().changes().getLast().version() < 102) {
            confirm(appends.getLast());
            appends.add(append());
        }
        confirm(appends.getLast());

        caller.expectMessage(PATIENCE, new Metalogger.BarrierPassed(103));
    }

    @Test
    void aBarrierBeforeTheProofWaitsForIt() throws Exception {
        var metalogger = follow(100);
        metalogger.tell(new Metalogger.Barrier(caller.getRef()));
        master.provesInSync();

        master.answer(master.expect(Packet.GET_VERSION));

        caller.expectMessage(PATIENCE, new Metalogger.BarrierPassed(100));
    }

    @Test
    void afterALongReplayItProvesItselfOnANewConnection() throws Exception {
        long next = 100L + ChangeStream.REPLAY_GROUP;
        master.version = next;
        follow(100, kit.spawn(ChangesWriter.create(new Epoch(1), 100)));
        master.provesInSync(changes(100, next));

        master.follower();

        assertEquals(Packet.register(next, 10), master.received());
        master.answer(master.expect(Packet.GET_VERSION));
        owner.fishForMessage(
                PATIENCE,
                event -> event.equals(new Metalogger.InSync(next))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    @Test
    void aHoleEndsItAfterTheChangesBeforeAreStored() throws Exception {
        follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        master.send(change(100), change(101), change(103));
        confirmUpTo(102);

        expectJournaled(102);
        assertEnded("sent change 103 after 101");
    }

    @Test
    void aMasterThatGoesBackEndsIt() throws Exception {
        follow(100);
        master.provesInSync(change(99));

        assertEnded("sent change 99 where 100 is next");
    }

    @Test
    void whatADeadMasterHadSentIsStored() throws Exception {
        follow(100, kit.spawn(ChangesWriter.create(new Epoch(1), 100)));
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        master.send(changes(100, 3100));
        master.hangUp();

        Metalogger.Event last = owner.receiveMessage(PATIENCE);
        Metalogger.Event event = last;
        while (event instanceof Metalogger.Journaled) {
            last = event;
            event = owner.receiveMessage(PATIENCE);
        }
        assertEquals(new Metalogger.Journaled(3100), last);
        assertTrue(event instanceof Metalogger.Ended ended && ended.reason().contains("closed the connection"));
    }

    @Test
    void whatADeadMasterHadSentIsStoredEvenIfTheJournalIsSlow() throws Exception {
        follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));
        master.send(change(100));
        var slow = append();
        master.send(changes(101, 20_100));

        master.die();
        owner.expectNoMessage(Duration.ofMillis(2500)); // meanwhile our NOPs are answered with a reset
        confirm(slow);

        assertEquals(List.of(changes(101, 20_100)), confirmUpTo(20_100));
    }

    @Test
    void aResetEndsIt() throws Exception {
        var metalogger = follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        master.reset();

        assertEnded("reset");
        owner.expectTerminated(metalogger);
    }

    @Test
    void aMasterThatRefusesTheStartEndsIt() throws Exception {
        follow(100);

        master.send(new Packet(Packet.MASTER_ACK, ByteString.fromArray(new byte[] {1, 0, 4, 0x39, 0x0A})));

        assertEnded("does not have the changes from 100");
    }

    @Test
    void silenceEndsIt() throws Exception {
        follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        assertEnded("silent for more than 10 s");
    }

    @Test
    void aWriterThatStopsEndsIt() throws Exception {
        follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        writer.stop();

        assertEnded("the journal refused or failed a write");
    }

    @Test
    void aRefusedAppendEndsIt() throws Exception {
        follow(100);
        master.provesInSync(change(100));

        append().replyTo().tell(StatusReply.error("another text"));

        assertEnded("changes 100 to 100 were refused: another text");
    }

    @Test
    void noMasterAtAllEndsIt() throws Exception {
        InetSocketAddress nobody;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(unused.getInetAddress(), unused.getLocalPort());
        }
        var target = new Metalogger.Target(nobody, nobody, FakeMaster.ID);
        kit.spawn(Metalogger.create(target, 100, TestConfig.settings(), writer.getRef(), owner.getRef()));

        assertEnded("no connection to the master at");
    }

    @Test
    void stoppingItClosesTheConnection() throws Exception {
        var metalogger = follow(100);
        master.provesInSync();
        owner.expectMessage(new Metalogger.Journaled(100));
        owner.expectMessage(new Metalogger.InSync(100));

        kit.stop(metalogger);

        assertTrue(master.isLeft(PATIENCE));
        owner.expectNoMessage();
    }
}
