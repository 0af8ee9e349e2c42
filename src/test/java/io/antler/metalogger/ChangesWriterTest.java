package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.serialization.SerializationExtension;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.Epoch;
import io.antler.moosefs.Change;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangesWriterTest {
    private static final ActorTestKit kit = ActorTestKit.create(TestConfig.forJournal());
    private static final Epoch EPOCH = new Epoch(3);

    private EventSourcedBehaviorTestKit<ChangesWriter.Command, ChangesBatch, ChangesWriter.NextVersion> writer =
            newWriter(100);

    private static EventSourcedBehaviorTestKit<ChangesWriter.Command, ChangesBatch, ChangesWriter.NextVersion>
            newWriter(long next) {
        return EventSourcedBehaviorTestKit.create(
                kit.system(),
                ChangesWriter.create(EPOCH, next),
                EventSourcedBehaviorTestKit.enabledSerializationSettings()
                        .withVerifyEquality(true)
                        .withVerifyCommands(false) // of this node only, like the state
                        .withVerifyState(false));
    }

    @BeforeEach
    void emptyJournal() {
        writer.clear();
        writer = newWriter(100);
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    private static Change change(long version) {
        return new Change(version, "1795374474|CREATE(1,n" + version + "):" + version);
    }

    private EventSourcedBehaviorTestKit.CommandResultWithReply<
                    ChangesWriter.Command, ChangesBatch, ChangesWriter.NextVersion, StatusReply<Long>>
            append(Change... changes) {
        return writer.runCommand(
                (ActorRef<StatusReply<Long>> replyTo) -> new ChangesWriter.Append(List.of(changes), replyTo));
    }

    @Test
    void changesAreOneEventAndTheAnswerIsTheNextVersion() {
        var result = append(change(100), change(101));

        assertEquals(102, result.reply().getValue());
        assertEquals(
                new ChangesBatch(
                        EPOCH, 100, List.of(change(100).text(), change(101).text())),
                result.event());
        assertEquals(List.of(change(100), change(101)), result.event().changes());
        assertEquals(new ChangesWriter.NextVersion(102), result.state());
    }

    @Test
    void repeatedChangesAreNotStoredAgain() {
        append(change(100), change(101));

        var again = append(change(100), change(101));
        var overlap = append(change(101), change(102));

        assertTrue(again.hasNoEvents());
        assertEquals(102, again.reply().getValue());
        assertEquals(new ChangesBatch(EPOCH, 102, List.of(change(102).text())), overlap.event());
    }

    @Test
    void anotherTextForAKnownVersionIsRefusedAndAlarms() {
        append(change(100), change(101));

        LoggingTestKit.error("version=101 stored is another text for this change")
                .expect(kit.system(), () -> {
                    var other = append(new Change(101, "1795374474|OTHER()"), change(102));

                    assertTrue(other.hasNoEvents());
                    assertTrue(other.reply().isError());
                    return null;
                });
    }

    @Test
    void aHoleIsRefused() {
        append(change(100));

        var hole = append(change(102));

        assertTrue(hole.hasNoEvents());
        assertTrue(hole.reply().getError().toString().contains("from 101 to 101 are missing"));
    }

    @Test
    void itContinuesWhereItIsToldWithoutReplay() {
        append(change(100), change(101));
        TestProbe<StatusReply<Long>> caller = kit.createTestProbe();

        var next = kit.spawn(ChangesWriter.create(EPOCH.next(), 102));
        next.tell(new ChangesWriter.Append(List.of(change(102)), caller.getRef()));

        assertEquals(103, caller.receiveMessage().getValue());
        assertEquals(
                List.of(
                        new ChangesBatch(
                                EPOCH,
                                100,
                                List.of(change(100).text(), change(101).text())),
                        new ChangesBatch(EPOCH.next(), 102, List.of(change(102).text()))),
                PersistenceTestKit.create(kit.system()).persistedInStorage(Changes.PERSISTENCE_ID));
    }

    @Test
    void aFailedWriteStopsIt() {
        var journal = PersistenceTestKit.create(kit.system());
        TestProbe<StatusReply<Long>> caller = kit.createTestProbe();
        var actor = kit.spawn(ChangesWriter.create(EPOCH, 100));

        journal.failNextPersisted(Changes.PERSISTENCE_ID);
        actor.tell(new ChangesWriter.Append(List.of(change(100)), caller.getRef()));

        caller.expectTerminated(actor);
        caller.expectNoMessage();
    }

    @Test
    void itDoesNotStartWhereWaitingChangesCouldBeDropped() {
        var lax = ActorTestKit.create(ConfigFactory.parseString("akka.persistence.typed.stash-overflow-strategy = drop")
                .withFallback(TestConfig.forJournal()));
        try {
            TestProbe<Void> watcher = lax.createTestProbe();
            var actor = lax.spawn(ChangesWriter.create(EPOCH, 100));

            watcher.expectTerminated(actor);
        } finally {
            lax.shutdownTestKit();
        }
    }

    @Test
    void anEventTakesLittleMoreThanItsTexts() {
        List<String> texts = Stream.iterate(100L, v -> v + 1)
                .limit(5000)
                .map(v -> change(v).text())
                .toList();
        var batch = new ChangesBatch(EPOCH, 1L << 40, texts);

        int encoded = SerializationExtension.get(kit.system()).serialize(batch).get().length;

        int bytes = texts.stream().mapToInt(String::length).sum();
        assertTrue(encoded <= bytes + 2 * texts.size() + 100, encoded + " bytes for " + bytes);
    }

    @Test
    void anEmptyBatchIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ChangesBatch(EPOCH, 1, List.of()));
    }
}
