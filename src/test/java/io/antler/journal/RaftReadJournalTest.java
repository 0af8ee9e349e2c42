package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.Offset;
import akka.persistence.query.PersistenceQuery;
import akka.serialization.SerializationExtension;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.javadsl.TestSink;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live queries and those that end. */
class RaftReadJournalTest {
    private static TestGroup group;
    private static ActorSystem system;
    private static RaftGroup node;

    private final String pid = "pid-" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path directory) {
        group = TestGroup.start(directory, 1);
        node = group.awaitLeader();
        system = ActorSystem.create("queries", RaftJournalTest.setup(node));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
        group.close();
    }

    private static RaftReadJournal queries() {
        return PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
    }

    private static RaftReadJournalProvider.Scaladsl scalaQueries() {
        return new RaftReadJournalProvider((akka.actor.ExtendedActorSystem) system).scaladslReadJournal();
    }

    private void write(long first, long last) {
        var serialization = SerializationExtension.get(system);
        for (long i = first; i <= last; i++) {
            String text = "e" + i;
            var bytes = ByteString.fromArray(serialization.serialize(text).get());
            int serializer = serialization.findSerializerFor(text).identifier();
            Await.of(node.append(pid, Epoch.NONE, i, List.of(new Envelope(serializer, "", "", "w", i, bytes))));
        }
    }

    private static List<String> texts(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(i -> i + ":e" + i).toList();
    }

    private static List<String> read(Source<EventEnvelope, NotUsed> events) {
        return Await.of(
                events.map(event -> event.sequenceNr() + ":" + event.event()).runWith(Sink.seq(), system));
    }

    @Test
    void rangesAreKeptByBothKinds() {
        write(1, 5);

        assertEquals(texts(1, 5), read(queries().currentEventsByPersistenceId(pid, 0, Long.MAX_VALUE)));
        assertEquals(texts(2, 4), read(queries().currentEventsByPersistenceId(pid, 2, 4)));
        assertEquals(texts(2, 4), read(queries().eventsByPersistenceId(pid, 2, 4)));
        assertEquals(texts(3, 3), read(queries().eventsByPersistenceId(pid, 3, 3)));
        assertEquals(List.of(), read(queries().currentEventsByPersistenceId(pid, 4, 3)));
        assertEquals(List.of(), read(queries().eventsByPersistenceId(pid, 4, 3)));
        assertEquals(List.of(), read(queries().currentEventsByPersistenceId(pid, 6, Long.MAX_VALUE)));
        assertEquals(List.of(), read(queries().currentEventsByPersistenceId(pid + "x", 1, Long.MAX_VALUE)));
    }

    @Test
    void anEnvelopeHasWhatIsKnownOfTheEvent() {
        write(1, 1);

        var envelope =
                Await.of(queries().currentEventsByPersistenceId(pid, 1, 1).runWith(Sink.head(), system));

        assertEquals(Offset.sequence(1), envelope.offset());
        assertEquals(pid, envelope.persistenceId());
        assertEquals(1, envelope.timestamp());
    }

    @Test
    void morePagesThanOneAreReadInOrder() {
        write(1, 450);

        assertEquals(texts(1, 450), read(queries().currentEventsByPersistenceId(pid, 1, Long.MAX_VALUE)));
    }

    @Test
    void aLiveQueryHasEveryEventOnceWhileTheyAreWritten() {
        var seen = queries()
                .eventsByPersistenceId(pid, 1, 300)
                .map(event -> event.sequenceNr() + ":" + event.event())
                .runWith(Sink.seq(), system);

        write(1, 300);

        assertEquals(texts(1, 300), Await.of(seen));
    }

    @Test
    void aQueryThatEndsLeavesOutWhatIsWrittenLater() {
        write(1, 3);
        var events = queries()
                .currentEventsByPersistenceId(pid, 1, Long.MAX_VALUE)
                .map(EventEnvelope::sequenceNr)
                .runWith(TestSink.create(system), system);
        events.request(1).expectNext(1L);

        write(4, 6);

        events.request(10).expectNext(2L, 3L).expectComplete();
    }

    @Test
    void aLiveQueryReadsOnOnlyWhenAsked() {
        write(1, 3);
        var events = queries()
                .eventsByPersistenceId(pid, 1, Long.MAX_VALUE)
                .map(EventEnvelope::sequenceNr)
                .runWith(TestSink.create(system), system);

        events.request(2).expectNext(1L, 2L).expectNoMessage(java.time.Duration.ofMillis(100));
        events.request(2).expectNext(3L);
        write(4, 4);
        events.expectNext(4L);
        events.cancel();
    }

    @Test
    void whatIsDeletedIsLeftOutAndALiveQueryGoesOnBehindIt() {
        write(1, 4);
        var live = queries()
                .eventsByPersistenceId(pid, 5, Long.MAX_VALUE)
                .map(EventEnvelope::sequenceNr)
                .runWith(TestSink.create(system), system);
        live.request(10);

        Await.of(node.deleteTo(pid, 3));
        assertEquals(texts(4, 4), read(queries().currentEventsByPersistenceId(pid, 1, Long.MAX_VALUE)));
        Await.of(node.deleteTo(pid, 4));
        assertEquals(List.of(), read(queries().currentEventsByPersistenceId(pid, 1, Long.MAX_VALUE)));
        write(5, 6);

        live.expectNext(5L, 6L);
        live.cancel();
        assertEquals(texts(5, 6), read(queries().eventsByPersistenceId(pid, 1, 6)));
    }

    @Test
    void aLiveQueryWhoseEventsAreAllDeletedEnds() {
        write(1, 5);
        Await.of(node.deleteTo(pid, 4));

        assertEquals(List.of(), read(queries().eventsByPersistenceId(pid, 1, 3)));
        assertEquals(texts(5, 5), read(queries().eventsByPersistenceId(pid, 1, 5)));
    }

    @Test
    void aLiveQueryDoesNotEndBecauseWhatItWasAboutToReadIsDeleted() {
        var seen = queries()
                .eventsByPersistenceId(pid, 1, 300)
                .map(EventEnvelope::sequenceNr)
                .runWith(Sink.seq(), system);

        for (long i = 1; i <= 300; i++) {
            write(i, i);
            if (i < 300) {
                Await.of(node.deleteTo(pid, i));
            }
        }

        assertEquals(300, Await.of(seen).getLast());
    }

    @Test
    void aQueryStartedBeforeADeleteEndsWithoutAnError() {
        write(1, 450);
        var events = queries()
                .currentEventsByPersistenceId(pid, 1, Long.MAX_VALUE)
                .map(EventEnvelope::sequenceNr)
                .runWith(TestSink.create(system), system);
        events.request(1).expectNext(1L);

        Await.of(node.deleteTo(pid, 449));

        events.request(1000);
        long last = 1;
        while (last < 450) {
            long next = events.expectNext();
            assertTrue(next > last);
            last = next;
        }
        events.expectComplete();
    }

    @Test
    void persistenceIdsAreThoseWithEventsEachOnce() {
        write(1, 2);
        Await.of(node.takeOver(pid + "-fenced", new Epoch(1)));
        Await.of(node.deleteTo(pid, 2));

        List<String> ids = Await.of(queries().currentPersistenceIds().runWith(Sink.seq(), system));

        assertTrue(ids.contains(pid));
        assertFalse(ids.contains(pid + "-fenced"));
        assertEquals(ids.size(), new HashSet<>(ids).size());
    }

    @Test
    void liveOnesArriveWithTheirFirstEvent() {
        write(1, 1);
        var live = queries().persistenceIds().filter(id -> id.startsWith(pid)).runWith(TestSink.create(system), system);
        live.request(10).expectNext(pid);

        Await.of(node.append(pid + "-a", Epoch.NONE, 1, List.of(event("a"))));
        live.expectNext(pid + "-a");
        Await.of(node.append(pid + "-a", Epoch.NONE, 2, List.of(event("a"))));
        Await.of(node.append(pid + "-b", Epoch.NONE, 1, List.of(event("a"))));

        live.expectNext(pid + "-b");
        live.cancel();
    }

    @Test
    void theSameForScala() {
        write(1, 3);

        assertEquals(
                texts(2, 3),
                read(scalaQueries().eventsByPersistenceId(pid, 2, 3).asJava()));
        assertEquals(
                texts(1, 3),
                read(scalaQueries().currentEventsByPersistenceId(pid, 1, 9).asJava()));
        assertTrue(Await.of(scalaQueries().currentPersistenceIds().asJava().runWith(Sink.seq(), system))
                .contains(pid));
        assertEquals(
                pid,
                Await.of(scalaQueries()
                        .persistenceIds()
                        .asJava()
                        .filter(pid::equals)
                        .runWith(Sink.head(), system)));
    }

    @Test
    void manyLiveQueriesOfOneIdAreAllWoken() {
        List<CompletableFuture<List<String>>> all = LongStream.range(0, 20)
                .mapToObj(_ -> queries()
                        .eventsByPersistenceId(pid, 1, 3)
                        .map(event -> event.sequenceNr() + ":" + event.event())
                        .runWith(Sink.seq(), system)
                        .toCompletableFuture())
                .toList();

        write(1, 3);

        all.forEach(seen -> assertEquals(texts(1, 3), Await.of(seen)));
    }
}
