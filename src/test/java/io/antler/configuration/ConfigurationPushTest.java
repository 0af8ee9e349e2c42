package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.serialization.SerializationExtension;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.NodeId;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigurationPushTest {
    private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config()
            .withFallback(ConfigFactory.parseString(
                    "akka.actor.serialization-bindings { \"io.antler.journal.CborEncoded\" = jackson-cbor }"))
            .withFallback(ConfigFactory.load()));

    private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void emptyJournal() {
        journal.clearAll();
    }

    private static ConfigurationPushed version(String exports) {
        return new ConfigurationPushed(new TreeMap<>(Map.of("mfsexports.cfg", exports)), new NodeId("n2"), 5);
    }

    @Test
    void eachVersionGetsTheNextNumberAndItsActorEnds() {
        TestProbe<Long> numbers = KIT.createTestProbe(Long.class);
        for (long number = 1; number <= 3; number++) {
            var push = KIT.spawn(ConfigurationPush.create());

            push.tell(new ConfigurationPush.Store(version("v" + number), numbers.ref()));

            assertEquals(number, numbers.receiveMessage());
            numbers.expectTerminated(push);
            assertEquals(
                    version("v" + number),
                    journal.expectNextPersistedClass(ConfigurationPush.PERSISTENCE_ID, ConfigurationPushed.class));
        }
    }

    @Test
    void oneThatTheJournalRefusesIsNotAnsweredAndEnds() {
        TestProbe<Long> numbers = KIT.createTestProbe(Long.class);
        var push = KIT.spawn(ConfigurationPush.create());
        journal.failNextPersisted(ConfigurationPush.PERSISTENCE_ID, new IllegalStateException("another was faster"));

        push.tell(new ConfigurationPush.Store(version("v"), numbers.ref()));

        numbers.expectTerminated(push);
        numbers.expectNoMessage();
        journal.expectNothingPersisted(ConfigurationPush.PERSISTENCE_ID);
    }

    /** Names and components are a stored format. */
    @Test
    void theEventIsStoredAsItWas() throws IOException {
        var serializer = SerializationExtension.get(KIT.system()).serializerFor(ConfigurationPushed.class);

        byte[] bytes = serializer.toBinary(version("* / rw\n"));

        assertEquals(
                new ObjectMapper()
                        .readTree("{\"texts\":{\"mfsexports.cfg\":\"* / rw\\n\"},\"from\":\"n2\",\"atMillis\":5}"),
                CBORMapper.builder().build().readTree(bytes));
        assertEquals(
                version("* / rw\n"),
                SerializationExtension.get(KIT.system())
                        .deserialize(bytes, serializer.identifier(), ConfigurationPushed.class.getName())
                        .get());
    }
}
