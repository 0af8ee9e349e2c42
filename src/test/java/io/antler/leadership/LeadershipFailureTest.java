package io.antler.leadership;

import static io.antler.leadership.Reports.B;
import static io.antler.leadership.Reports.SETTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.antler.master.Mandate;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadershipFailureTest {
    private static final ActorTestKit KIT = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(ConfigFactory.parseString(
                    "akka.actor.serialization-bindings { \"io.antler.journal.CborEncoded\" = jackson-cbor }"))
            .withFallback(ConfigFactory.load()));

    private static final String ID = Leadership.PERSISTENCE_ID.id();
    private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());

    private final TestProbe<StatusReply<Done>> caller = KIT.createTestProbe();
    private final TestProbe<Mandate> host = KIT.createTestProbe(Mandate.class);

    @BeforeEach
    void anEmptyJournal() {
        JOURNAL.clearAll();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aJournalThatFailsStartsItAgainFromTheJournal() {
        startsAgainAfter(journal -> journal.failNextPersisted(ID));
    }

    @Test
    void anEventThatTheJournalRefusesStartsItAgainFromTheJournal() {
        startsAgainAfter(journal -> journal.rejectNextPersisted(ID));
    }

    private void startsAgainAfter(Consumer<PersistenceTestKit> failure) {
        ActorRef<Leadership.Command> leadership =
                KIT.spawn(Leadership.create(SETTINGS, () -> Reports.MEMBERS, System::nanoTime));
        failure.accept(JOURNAL);

        leadership.tell(adopt());
        caller.expectNoMessage(Duration.ofMillis(50)); // not stored, so not answered: the caller asks again
        leadership.tell(adopt());

        assertTrue(caller.receiveMessage(Duration.ofSeconds(10)).isSuccess());
        leadership.tell(new Leadership.Report(Reports.standby(B, 7), host.getRef()));
        assertEquals("aa", host.receiveMessage().metadataId());
        KIT.stop(leadership);
    }

    private Leadership.Adopt adopt() {
        return new Leadership.Adopt("aa", 7, "00", B, caller.getRef());
    }
}
