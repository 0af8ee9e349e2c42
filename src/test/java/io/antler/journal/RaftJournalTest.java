package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.testkit.javadsl.TestSink;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Akka asks of a journal (its own JournalSpec is not published), spoken in Akka's journal protocol. */
class RaftJournalTest {
    private static final NodeId N1 = new NodeId("n1");

    private static TestGroup group;
    private static ActorSystem system;

    record Noted(String text) implements CborEncoded {}

    record Ruled(Epoch epoch, NodeId node, String text) implements CborEncoded, Fenced {}

    /** No serializer takes it. */
    record Unknown(String text) {}

    private TestKit probe;
    private final String pid = "pid-" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path directory) {
        group = TestGroup.start(directory, 1);
        system = ActorSystem.create("journal", setup(group.awaitLeader()));
    }

    static ActorSystemSetup setup(RaftGroup group) {
        return ActorSystemSetup.create(
                new RaftSetup(group),
                BootstrapSetup.create(ConfigFactory.parseString("""
                                akka.persistence.journal.plugin = antler.journal.plugin
                                akka.persistence.snapshot-store.plugin = antler.journal.snapshot-store
                                """).withFallback(ConfigFactory.load())));
    }

    @BeforeEach
    void probe() {
        probe = new TestKit(system);
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
        group.close();
    }

    private static ActorRef journal() {
        return Persistence.get(system).journalFor("antler.journal.plugin", ConfigFactory.empty());
    }

    private static RaftReadJournal queries() {
        return PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
    }

    private AtomicWrite atomic(long first, Object... payloads) {
        List<PersistentRepr> events = LongStream.range(0, payloads.length)
                .mapToObj(i -> PersistentRepr.apply(
                        payloads[(int) i], first + i, pid, "", false, ActorRef.noSender(), "writer"))
                .toList();
        return new AtomicWrite(CollectionConverters.asScala(events).toList());
    }

    private void write(AtomicWrite... writes) {
        List<PersistentEnvelope> messages = List.copyOf(Arrays.asList(writes));
        journal()
                .tell(
                        new JournalProtocol.WriteMessages(
                                CollectionConverters.asScala(messages).toList(), probe.getRef(), 1),
                        probe.getRef());
    }

    private void written(AtomicWrite... writes) {
        write(writes);
        probe.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
        for (AtomicWrite write : writes) {
            for (int i = 0; i < write.size(); i++) {
                probe.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
            }
        }
    }

    private List<Object> replayed(long from, long to, long max, long highest) {
        journal().tell(new JournalProtocol.ReplayMessages(from, to, max, pid, probe.getRef()), probe.getRef());
        var payloads = new java.util.ArrayList<Object>();
        while (true) {
            Object message = probe.receiveOne(Duration.ofSeconds(5));
            if (message instanceof JournalProtocol.RecoverySuccess success) {
                assertEquals(highest, success.highestSequenceNr());
                return payloads;
            }
            payloads.add(assertInstanceOf(JournalProtocol.ReplayedMessage.class, message)
                    .persistent()
                    .payload());
        }
    }

    private void writeFive() {
        written(atomic(1, new Noted("1")), atomic(2, new Noted("2"), new Noted("3")), atomic(4, new Noted("4")));
        written(atomic(5, new Noted("5")));
    }

    @Test
    void eventsComeBackInOrder() {
        writeFive();

        assertEquals(
                List.of(new Noted("1"), new Noted("2"), new Noted("3"), new Noted("4"), new Noted("5")),
                replayed(1, Long.MAX_VALUE, Long.MAX_VALUE, 5));
    }

    @Test
    void rangesAndLimitsAreKept() {
        writeFive();

        assertEquals(List.of(new Noted("3"), new Noted("4"), new Noted("5")), replayed(3, Long.MAX_VALUE, 100, 5));
        assertEquals(List.of(new Noted("2"), new Noted("3")), replayed(2, 3, 100, 5));
        assertEquals(List.of(new Noted("1"), new Noted("2")), replayed(1, 100, 2, 5));
        assertEquals(List.of(new Noted("2")), replayed(2, 2, 100, 5));
        assertEquals(List.of(), replayed(3, 2, 100, 5));
        assertEquals(List.of(), replayed(1, 100, 0, 5));
        assertEquals(List.of(), replayed(1, 0, 100, 5)); // Recovery.disabled()
        assertEquals(List.of(), replayed(6, 100, 100, 5));
    }

    @Test
    void aPersistenceIdWithoutEventsHasNone() {
        assertEquals(List.of(), replayed(1, Long.MAX_VALUE, 100, 0));
    }

    @Test
    void deletedEventsDoNotComeBackAndTheHighestNumberStays() {
        writeFive();

        journal().tell(new JournalProtocol.DeleteMessagesTo(pid, 3, probe.getRef()), probe.getRef());

        assertEquals(new akka.persistence.DeleteMessagesSuccess(3), probe.receiveOne(Duration.ofSeconds(5)));
        assertEquals(List.of(new Noted("4"), new Noted("5")), replayed(1, 100, 100, 5));

        journal().tell(new JournalProtocol.DeleteMessagesTo(pid, Long.MAX_VALUE, probe.getRef()), probe.getRef());

        probe.expectMsgClass(akka.persistence.DeleteMessagesSuccess.class);
        assertEquals(List.of(), replayed(1, 100, 100, 5));
        written(atomic(6, new Noted("6")));
    }

    @Test
    void anEventThatCannotBeSerializedIsRejectedWithAllThatFollow() {
        write(atomic(1, new Noted("1")), atomic(2, new Noted("2"), new Unknown("?")), atomic(4, new Noted("4")));

        probe.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
        probe.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
        for (int i = 2; i <= 4; i++) {
            probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
        }
        assertEquals(List.of(new Noted("1")), replayed(1, 100, 100, 1));
    }

    @Test
    void anAtomicWriteThatIsTooLargeIsRejected() {
        write(atomic(1, new Noted("x".repeat(3 << 20)), new Noted("x".repeat(3 << 20))));

        probe.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
        assertInstanceOf(
                EntryTooLarge.class,
                probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class).cause());
        probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    }

    @Test
    void aSecondWriterFails() {
        writeFive();

        write(atomic(5, new Noted("another 5")));

        assertInstanceOf(
                OutOfSequence.class,
                probe.expectMsgClass(JournalProtocol.WriteMessagesFailed.class).cause());
    }

    @Test
    void theEpochOfAnEventIsCheckedAgainstTheFence() {
        written(atomic(1, new Ruled(new Epoch(1), N1, "1")));
        Await.of(group.awaitLeader().takeOver(pid, new Epoch(2)));

        write(atomic(2, new Ruled(new Epoch(1), N1, "2")));

        var failed = probe.expectMsgClass(JournalProtocol.WriteMessagesFailed.class);
        assertEquals(
                new Epoch(2),
                assertInstanceOf(EpochRefused.class, failed.cause()).current());
        probe.expectMsgClass(JournalProtocol.WriteMessageFailure.class);
        written(atomic(2, new Ruled(new Epoch(2), N1, "2")));
        assertEquals(
                List.of(new Ruled(new Epoch(1), N1, "1"), new Ruled(new Epoch(2), N1, "2")), replayed(1, 100, 100, 2));
    }

    @Test
    void aLiveQueryGoesOnWhenEventsArrive() {
        writeFive();
        var live = queries()
                .eventsByPersistenceId(pid, 4, Long.MAX_VALUE)
                .map(EventEnvelope::event)
                .runWith(TestSink.create(system), system);

        live.request(10).expectNext(new Noted("4"), new Noted("5"));
        written(atomic(6, new Noted("6")));

        live.expectNext(new Noted("6"));
        live.cancel();
    }

    @Test
    void aCurrentQueryEnds() {
        writeFive();

        var events = Await.of(queries()
                .currentEventsByPersistenceId(pid, 2, 3)
                .map(EventEnvelope::event)
                .toMat(Sink.seq(), Keep.right())
                .run(system));

        assertEquals(List.of(new Noted("2"), new Noted("3")), events);
        assertTrue(Await.of(queries().currentPersistenceIds().runWith(Sink.seq(), system))
                .contains(pid));
    }
}
