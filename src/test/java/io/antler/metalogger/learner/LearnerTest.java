package io.antler.metalogger.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.Offset;
import akka.stream.javadsl.Source;
import io.antler.collector.MissingChanges;
import io.antler.collector.Place;
import io.antler.journal.Epoch;
import io.antler.lab.Await;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adopted image is of version 100; the journal has events 11 to 25 of ten changes each, what was before is deleted. */
class LearnerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 64, 1 << 20);
    private static final long IMAGE = 100;
    private static final long FIRST = 11;
    private static final long LAST = 25;
    private static final int EACH = 10;
    private static final long END = IMAGE + LAST * EACH;

    private final InstantSource clock = InstantSource.system();
    private final Alarms alarms = new Alarms(clock);
    private final Path kept;
    private final Path other;
    private final Learner learner;

    LearnerTest(@TempDir Path directory) throws IOException {
        kept = directory.resolve("kept");
        other = Files.createDirectories(directory.resolve("other"));
        var changes = new ChangesSource(
                LearnerTest::events,
                (id, from, to) -> events(id, from, to).concat(Source.maybe()),
                () -> LAST,
                KIT.system());
        learner = new Learner(
                changes,
                () -> Archive.open(kept, 1 << 20, clock),
                new MissingChanges(List.of(new Place.Directory("other", other))),
                SETTINGS,
                alarms,
                clock);
    }

    @AfterEach
    void stop() {
        learner.stop();
    }

    @AfterAll
    static void stopActors() {
        KIT.shutdownTestKit();
    }

    private static Source<EventEnvelope, NotUsed> events(String id, long from, long to) {
        List<Long> range = LongStream.rangeClosed(Math.max(from, FIRST), Math.min(to, LAST))
                .boxed()
                .toList();
        return Source.from(range)
                .map(sequenceNr ->
                        new EventEnvelope(Offset.sequence(sequenceNr), id, sequenceNr, batch(sequenceNr), 0));
    }

    private static ChangesBatch batch(long sequenceNr) {
        long first = IMAGE + (sequenceNr - 1) * EACH;
        return new ChangesBatch(
                new Epoch(1),
                first,
                LongStream.range(first, first + EACH)
                        .mapToObj(LearnerTest::text)
                        .toList());
    }

    private static String text(long version) {
        return "1700000000|CREATE(1,f" + version + ",1,438,18,0,0,0):" + version;
    }

    private void elsewhere(long from, long to) throws IOException {
        String lines = LongStream.range(from, to)
                .mapToObj(version -> version + ": " + text(version) + "\n")
                .collect(Collectors.joining());
        Files.writeString(other.resolve("changelog.0.mfs"), lines, StandardCharsets.ISO_8859_1);
    }

    private void learn() {
        learner.heard(new Learner.Situation(ID, 1, target -> Files.write(target, TestImage.of(IMAGE, ID, 100))));
        learner.start();
    }

    @Test
    void whatTheJournalDoesNotHaveAnyMoreIsTakenFromAnotherPlace() throws Exception {
        elsewhere(IMAGE, END - 20);

        learn();
        Await.until("everything", () -> learner.progress().next() == END);

        assertEquals(List.of(), alarms.all());
        assertEquals(
                LongStream.range(IMAGE, END).mapToObj(LearnerTest::text).toList(),
                StockView.of(kept).texts());
    }

    @Test
    void whatIsNowhereIsAHoleThatIsTold() throws Exception {
        elsewhere(IMAGE, IMAGE + 30);

        learn();
        Await.until("the alarm", () -> alarms.has(Alarms.Kind.HOLE));

        String message = alarms.all().getFirst().message();
        assertTrue(message.contains("changes from 100 to 199 are missing"), message);
        assertTrue(message.contains("changes from 100 to 129 were found elsewhere and stored"), message);
        assertEquals(IMAGE + 30, StockView.of(kept).next());
    }

    @Test
    void whenItIsFoundLaterTheHoleIsClosed() throws Exception {
        learn();
        Await.until("the alarm", () -> alarms.has(Alarms.Kind.HOLE));

        elsewhere(IMAGE, IMAGE + (FIRST - 1) * EACH);
        Await.until("everything", () -> learner.progress().next() == END);

        assertEquals(List.of(), alarms.all());
    }
}
