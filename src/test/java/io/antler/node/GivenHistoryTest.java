package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.Offset;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.antler.journal.Epoch;
import io.antler.lab.Await;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.learner.ChangesSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The lines of a replica from a version on: a journal of 10,000 events of three changes each, the first of them deleted. */
class GivenHistoryTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final long FIRST = 2_001;
    private static final long LAST = 10_000;
    private static final long VERSIONS_BEFORE = 100;
    private static final int EACH = 3;

    private final List<Long> read = Collections.synchronizedList(new ArrayList<>());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private Source<EventEnvelope, NotUsed> events(String persistenceId, long from, long to) {
        List<Long> range = LongStream.rangeClosed(Math.max(from, FIRST), Math.min(to, LAST))
                .boxed()
                .toList();
        return Source.from(range).map(sequenceNr -> {
            read.add(sequenceNr);
            return new EventEnvelope(Offset.sequence(sequenceNr), persistenceId, sequenceNr, batch(sequenceNr), 0);
        });
    }

    private static ChangesBatch batch(long sequenceNr) {
        long first = VERSIONS_BEFORE + (sequenceNr - 1) * EACH;
        return new ChangesBatch(
                new Epoch(1),
                first,
                LongStream.range(first, first + EACH).mapToObj(v -> "9|X" + v).toList());
    }

    private String lines(long version) {
        var changes = new ChangesSource(this::events, this::events, () -> LAST, KIT.system());
        return Await.of(
                GivenHistory.lines(changes, version, task -> Thread.ofVirtual().start(task))
                        .runFold(ByteString.emptyByteString(), ByteString::concat, KIT.system())
                        .thenApply(ByteString::utf8String));
    }

    private static String expected(long from) {
        return LongStream.range(from, VERSIONS_BEFORE + LAST * EACH)
                .mapToObj(version -> version + ": 9|X" + version + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void beginWithTheVersionThatWasAskedForAndDoNotReadWhatComesBeforeIt() {
        long asked = VERSIONS_BEFORE + 9_990 * EACH + 1; // in the middle of an event

        String lines = lines(asked);

        assertEquals(expected(asked), lines);
        assertTrue(read.size() < 40, read.toString());
    }

    @Test
    void ofAVersionThatWasDeletedBeginWithTheFirstThatIsThere() {
        assertEquals(expected(VERSIONS_BEFORE + (FIRST - 1) * EACH), lines(0));
    }

    @Test
    void ofAVersionThatIsNotThereYetAreNone() {
        assertEquals("", lines(VERSIONS_BEFORE + LAST * EACH));
        assertEquals("", lines(Long.MAX_VALUE));
        assertTrue(read.size() < 40, read.toString());
    }
}
