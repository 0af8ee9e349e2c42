package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.DeleteMessagesSuccess;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.RaftJournalTest.Noted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Akka asks of a journal across restarts and failures, spoken in Akka's journal protocol. */
class RaftJournalFaultTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory = Path.of("");

    /** Akka's journal on one node of the group, and who asks it. */
    private static final class Journal extends TestKit {
        private final ActorRef journal;

        private Journal(ActorSystem system) {
            super(system);
            journal = Persistence.get(system).journalFor("antler.journal.plugin", ConfigFactory.empty());
        }

        static void on(RaftGroup node, Consumer<Journal> test) {
            ActorSystem system = ActorSystem.create("faults", RaftJournalTest.setup(node));
            try {
                test.accept(new Journal(system));
            } finally {
                TestKit.shutdownActorSystem(system);
            }
        }

        static PersistentRepr repr(long sequenceNr, Object payload) {
            return PersistentRepr.apply(payload, sequenceNr, "p", "adapted", false, ActorRef.noSender(), "uuid-7");
        }

        void write(PersistentRepr... reprs) {
            var atomic =
                    new AtomicWrite(CollectionConverters.asScala(List.of(reprs)).toList());
            List<PersistentEnvelope> messages = List.of(atomic);
            journal.tell(
                    new JournalProtocol.WriteMessages(
                            CollectionConverters.asScala(messages).toList(), getRef(), 1),
                    getRef());
        }

        void written(PersistentRepr... reprs) {
            write(reprs);
            expectMsgClass(LIMIT, JournalProtocol.WriteMessagesSuccessful$.class);
            for (PersistentRepr _ : reprs) {
                expectMsgClass(LIMIT, JournalProtocol.WriteMessageSuccess.class);
            }
        }

        /** The last one is the highest sequence number. */
        List<Object> replayed() {
            journal.tell(
                    new JournalProtocol.ReplayMessages(1, Long.MAX_VALUE, Long.MAX_VALUE, "p", getRef()), getRef());
            var found = new ArrayList<Object>();
            while (true) {
                Object message = receiveOne(LIMIT);
                if (message instanceof JournalProtocol.RecoverySuccess success) {
                    found.add(success.highestSequenceNr());
                    return found;
                }
                found.add(assertInstanceOf(JournalProtocol.ReplayedMessage.class, message)
                        .persistent()
                        .payload());
            }
        }
    }

    @Test
    void theHighestNumberIsKeptWhenAllIsDeletedAndTheNodeStartsAgain() {
        try (var group = TestGroup.start(directory, 1)) {
            Journal.on(group.awaitLeader(), journal -> {
                journal.written(Journal.repr(1, new Noted("1")), Journal.repr(2, new Noted("2")));
                journal.journal.tell(
                        new JournalProtocol.DeleteMessagesTo("p", Long.MAX_VALUE, journal.getRef()), journal.getRef());
                journal.expectMsgClass(LIMIT, DeleteMessagesSuccess.class);
            });
            group.stop(new NodeId("n1"));
            group.start(new NodeId("n1"));

            Journal.on(group.awaitLeader(), journal -> {
                assertEquals(List.of(2L), journal.replayed());
                journal.written(Journal.repr(3, new Noted("3")));
                assertEquals(List.of(new Noted("3"), 3L), journal.replayed());
            });
        }
    }

    /** A rejected event was not stored, and its actor goes on. Of a failed one that is not known, so its actor stops. */
    @Test
    void withoutAMajorityAWriteFailsAndIsNotRejected() {
        try (var group = TestGroup.start(directory, 2)) {
            RaftGroup left = group.awaitLeader();
            Journal.on(left, journal -> {
                journal.written(Journal.repr(1, new Noted("1")));
                group.stop(group.follower().self());

                journal.write(Journal.repr(2, new Noted("2")));

                assertInstanceOf(
                        OutcomeNotKnown.class,
                        journal.expectMsgClass(LIMIT, JournalProtocol.WriteMessagesFailed.class)
                                .cause());
                journal.expectMsgClass(LIMIT, JournalProtocol.WriteMessageFailure.class);
            });
        }
    }

    @Test
    void withoutAMajorityARecoveryFails() {
        try (var group = TestGroup.start(directory, 2)) {
            RaftGroup left = group.awaitLeader();
            Journal.on(left, journal -> {
                journal.written(Journal.repr(1, new Noted("1")));
                group.stop(group.follower().self());

                journal.journal.tell(
                        new JournalProtocol.ReplayMessages(1, 9, 9, "p", journal.getRef()), journal.getRef());

                journal.expectMsgClass(LIMIT, JournalProtocol.ReplayMessagesFailure.class);
            });
        }
    }

    @Test
    void whatAkkaKnowsOfAnEventComesBackWithIt() {
        try (var group = TestGroup.start(directory, 1)) {
            Journal.on(group.awaitLeader(), journal -> {
                journal.written(Journal.repr(1, new Noted("1")).withTimestamp(12345));

                journal.journal.tell(
                        new JournalProtocol.ReplayMessages(1, 1, 1, "p", journal.getRef()), journal.getRef());
                PersistentRepr found = journal.expectMsgClass(LIMIT, JournalProtocol.ReplayedMessage.class)
                        .persistent();

                assertEquals("adapted", found.manifest());
                assertEquals("uuid-7", found.writerUuid());
                assertEquals(12345, found.timestamp());
                assertEquals(1, found.sequenceNr());
            });
        }
    }

    @Test
    void aLargeEventComesBackWhole() {
        try (var group = TestGroup.start(directory, 1)) {
            Journal.on(group.awaitLeader(), journal -> {
                var large = new Noted("x".repeat(3_900_000));
                journal.written(Journal.repr(1, large));

                assertEquals(List.of(large, 1L), journal.replayed());
            });
        }
    }

    @Test
    void metadataOfReplicatedEventSourcingIsRejectedAndNotDropped() {
        try (var group = TestGroup.start(directory, 1)) {
            Journal.on(group.awaitLeader(), journal -> {
                journal.write(Journal.repr(1, new Noted("1")).withMetadata("replica"));

                journal.expectMsgClass(LIMIT, JournalProtocol.WriteMessagesSuccessful$.class);
                assertInstanceOf(
                        UnsupportedOperationException.class,
                        journal.expectMsgClass(LIMIT, JournalProtocol.WriteMessageRejected.class)
                                .cause());
                assertEquals(List.of(0L), journal.replayed());
            });
        }
    }

    @Test
    void aReplayWhileOthersWriteIsWholeUpToTheHighestNumberItTells() {
        try (var group = TestGroup.start(directory, 1)) {
            Journal.on(group.awaitLeader(), writer -> {
                var reader = new Journal(writer.getSystem());
                for (int i = 1; i <= 200; i++) {
                    writer.write(Journal.repr(i, new Noted(Integer.toString(i))));
                    if (i % 20 == 0) {
                        List<Object> found = reader.replayed();
                        long highest = (Long) found.getLast();
                        assertEquals(highest, found.size() - 1);
                        for (int n = 1; n <= highest; n++) {
                            assertEquals(new Noted(Integer.toString(n)), found.get(n - 1));
                        }
                    }
                }
                assertTrue(reader.replayed().size() > 100);
            });
        }
    }
}
