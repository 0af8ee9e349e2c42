package io.antler.leadership;

import static io.antler.leadership.Reports.A;
import static io.antler.leadership.Reports.B;
import static io.antler.leadership.Reports.C;
import static io.antler.leadership.Reports.MEMBERS;
import static io.antler.leadership.Reports.SETTINGS;
import static io.antler.leadership.Reports.loading;
import static io.antler.leadership.Reports.member;
import static io.antler.leadership.Reports.serving;
import static io.antler.leadership.Reports.standby;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.serialization.SerializationExtension;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.antler.invariant.Invariant;
import io.antler.invariant.InvariantBroken;
import io.antler.journal.Epoch;
import io.antler.journal.Member;
import io.antler.journal.Member.Kind;
import io.antler.journal.NodeId;
import io.antler.leadership.Leadership.Adopt;
import io.antler.leadership.Leadership.Adopted;
import io.antler.leadership.Leadership.CancelLeave;
import io.antler.leadership.Leadership.GetView;
import io.antler.leadership.Leadership.Leave;
import io.antler.leadership.Leadership.LeaveCancelled;
import io.antler.leadership.Leadership.LeaveRequested;
import io.antler.leadership.Leadership.MasterAppointed;
import io.antler.leadership.Leadership.MasterDrained;
import io.antler.leadership.Leadership.Report;
import io.antler.master.Mandate;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {
    /** The timer never fires here: reports drive every decision, and the clock is the test's. */
    private static final LeadershipSettings QUIET = new LeadershipSettings(
            A,
            SETTINGS.nodes(),
            Duration.ofHours(1),
            Duration.ofHours(3),
            SETTINGS.settle(),
            SETTINGS.promotionTimeout(),
            SETTINGS.equalLag(),
            SETTINGS.otherNodeWait());

    private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config()
            .withFallback(ConfigFactory.parseString(
                    "akka.actor.serialization-bindings { \"io.antler.journal.CborEncoded\" = jackson-cbor }"))
            .withFallback(ConfigFactory.load()));

    private final AtomicLong now = new AtomicLong();
    private List<Member> members = MEMBERS;
    private final TestProbe<Mandate> hosts = KIT.createTestProbe(Mandate.class);
    private EventSourcedBehaviorTestKit<Leadership.Command, Leadership.Event, LeadershipState> leadership = start();

    private EventSourcedBehaviorTestKit<Leadership.Command, Leadership.Event, LeadershipState> start() {
        return EventSourcedBehaviorTestKit.create(
                KIT.system(),
                Leadership.create(QUIET, () -> members, now::get),
                EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyEquality(true));
    }

    @BeforeEach
    void anEmptyJournal() {
        leadership.clear();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void everyReportIsAnsweredWithWhatHolds() {
        report(standby(B, 7));

        assertEquals(new Mandate(Epoch.NONE, null, null, -1, null, null, false), hosts.receiveMessage());
    }

    @Test
    void anAdoptionIsStoredAndToldToTheHosts() {
        report(standby(B, 7));
        hosts.receiveMessage();

        var adopted = leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("aa", replyTo));

        assertEquals(new Adopted("aa", 7, "00", B), adopted.event());
        assertTrue(adopted.reply().isSuccess());
        assertEquals(new Mandate(Epoch.NONE, null, "aa", 7, "00", B, false), hosts.receiveMessage());
    }

    @Test
    void anAdoptionSentAgainGetsTheFirstAnswerAndAnotherOneIsRefused() {
        leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("aa", replyTo));

        var again = leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("aa", replyTo));
        var other = leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("bb", replyTo));

        assertTrue(again.hasNoEvents());
        assertTrue(again.reply().isSuccess());
        assertTrue(other.hasNoEvents());
        assertTrue(String.valueOf(other.reply().getError().getMessage())
                .startsWith("Not adopted: this cluster already serves"));
    }

    @Test
    void aStandbyIsAppointedWithTheNextEpochAndToldAtOnce() {
        serveWith(B);

        var told = hosts.receiveSeveralMessages(3).getLast(); // after the answers to two reports
        assertEquals(new Mandate(new Epoch(1), B, "aa", 7, "00", B, false), told);
        assertEquals(
                new LeadershipState(new LeadershipState.Adoption("aa", 7, "00", B), new Epoch(1), B),
                leadership.getState());
    }

    @Test
    void aMasterThatEndedIsNoticedAndReplaced() {
        serveWith(B);
        report(serving(B, 1, 9));
        report(standby(C, 9));

        LoggingTestKit.info("noticed: master n2 ended: mfsmaster died").expect(KIT.system(), () -> {
            var ended = report(new Standing(B, Phase.ENDED, new Epoch(1), -1, 9, true, "mfsmaster died"));

            var appointed = assertInstanceOf(MasterAppointed.class, ended.event());
            assertEquals(new Epoch(2), appointed.epoch());
            assertEquals(C, appointed.node());
            return null;
        });
    }

    @Test
    void theJournalGivesTheSameBackAndANewInstanceListensFirst() {
        serveWith(B);
        var before = leadership.getState();

        assertEquals(before, leadership.restart().state());
        var report = report(new Standing(B, Phase.ENDED, new Epoch(1), -1, 9, true, null));

        assertTrue(report.hasNoEvents());
    }

    @Test
    void theViewNamesEveryNodeTheMasterAndTheReason() {
        serveWith(B);
        report(serving(B, 1, 9));
        now.addAndGet(Duration.ofMillis(300).toNanos());

        var view = leadership.<ClusterView>runCommand(GetView::new).reply();

        assertEquals(new Epoch(1), view.epoch());
        assertEquals(B, view.master());
        assertEquals(A, view.leadership());
        assertEquals("master n2 heard", view.reason());
        assertEquals(
                List.of(A, B, C),
                view.nodes().stream().map(ClusterView.NodeView::node).toList());
        assertEquals(
                new ClusterView.NodeView(B, "10.0.0.2", true, serving(B, 1, 9), 300),
                view.nodes().get(1));
    }

    @Test
    void whoCountsAndWhoCanBeMasterFollowsTheMembersOfNow() {
        leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("aa", replyTo));
        var d = new NodeId("n4");
        report(new Standing(A, Phase.WITNESS, Epoch.NONE, -1, -1, false, null));
        now.addAndGet(QUIET.settle().toNanos());
        assertTrue(report(standby(d, 7)).hasNoEvents()); // heard, but not one of the three

        members = List.of(MEMBERS.getFirst(), member(d, 4, Kind.VOTER), member(new NodeId("log1"), 5, Kind.LEARNER));
        var decided = report(standby(d, 7));

        assertEquals(d, ((MasterAppointed) decided.event()).node());
    }

    @Test
    void whoeverLeavesGetsNoMasterAnyMoreOnceTheLastOneHasHandedOver() {
        serveWith(B);
        report(serving(B, 1, 9));
        report(standby(C, 9));
        hosts.receiveSeveralMessages(5);

        var leaving = leadership.<StatusReply<Done>>runCommand(Leave::new);
        assertInstanceOf(LeaveRequested.class, leaving.event());
        assertTrue(leaving.reply().isSuccess());
        assertEquals(
                Mandate.Leave.DRAIN, hosts.receiveSeveralMessages(2).getLast().leave());
        assertTrue(leadership.<StatusReply<Done>>runCommand(Leave::new).hasNoEvents());

        var drained = assertInstanceOf(
                MasterDrained.class,
                report(new Standing(B, Phase.DRAINED, new Epoch(1), 12, 12, true, null))
                        .event());
        assertEquals(new MasterDrained(new Epoch(1), B, 12, drained.atMillis()), drained);
        report(new Standing(B, Phase.ENDED, new Epoch(1), -1, 12, true, null));
        now.addAndGet(QUIET.silence().toNanos() / 2);

        assertTrue(report(standby(C, 12)).hasNoEvents());
        var view = leadership.<ClusterView>runCommand(GetView::new).reply();
        assertEquals(12, Objects.requireNonNull(view.leave()).version());
        assertTrue(leadership.restart().state().left());
    }

    @Test
    void aMasterThatDiesBeforeItHandedOverIsReplacedByOneThatHandsOver() {
        serveWith(B);
        report(serving(B, 1, 9));
        report(standby(C, 9));
        leadership.<StatusReply<Done>>runCommand(Leave::new);

        var appointed = assertInstanceOf(
                MasterAppointed.class,
                report(new Standing(B, Phase.ENDED, new Epoch(1), -1, 9, true, "died"))
                        .event());

        assertEquals(C, appointed.node());
        assertFalse(leadership.getState().left());
        assertInstanceOf(
                MasterDrained.class,
                report(new Standing(C, Phase.DRAINED, new Epoch(2), 9, 9, true, null))
                        .event());
    }

    @Test
    void whoeverStaysAfterAllGetsAMasterAgain() {
        serveWith(B);
        report(serving(B, 1, 9));
        leadership.<StatusReply<Done>>runCommand(Leave::new);
        report(new Standing(B, Phase.DRAINED, new Epoch(1), 12, 12, true, null));
        report(standby(B, 12));

        var cancelled = leadership.<StatusReply<Done>>runCommand(CancelLeave::new);
        assertInstanceOf(LeaveCancelled.class, cancelled.event());
        assertTrue(leadership.<StatusReply<Done>>runCommand(CancelLeave::new).hasNoEvents());

        var appointed =
                assertInstanceOf(MasterAppointed.class, report(standby(C, 12)).event());
        assertEquals(new Epoch(2), appointed.epoch());
    }

    @Test
    void nothingIsLeftBeforeAnythingWasAdopted() {
        var refused = leadership.<StatusReply<Done>>runCommand(Leave::new);

        assertTrue(refused.hasNoEvents());
        assertTrue(refused.reply().isError());
    }

    /** As CBOR in the journal, by a build before there was a way out: no field for it. */
    @Test
    void whatAnEarlierBuildStoredIsRead() throws IOException {
        var cbor = CBORMapper.builder().build();
        byte[] state = cbor.writeValueAsBytes(Map.of(
                "adoption",
                Map.of("metadataId", "aa", "version", 7, "sha256", "00", "holder", "n2"),
                "epoch",
                4,
                "master",
                "n2"));
        byte[] mandate = cbor.writeValueAsBytes(Map.of("epoch", 4, "checkpointVersion", 7, "serving", true));

        assertEquals(
                new LeadershipState(new LeadershipState.Adoption("aa", 7, "00", B), new Epoch(4), B),
                decoded(state, LeadershipState.class));
        assertEquals(Mandate.Leave.NO, ((Mandate) decoded(mandate, Mandate.class)).leave());
    }

    /** Names and components are a stored format. */
    @Test
    void theEventsOfLeavingAreStoredAsTheyWere() throws IOException {
        var cbor = CBORMapper.builder().build();
        for (var stored : Map.of(
                        new LeaveRequested(5), "{\"atMillis\":5}",
                        new LeaveCancelled(6), "{\"atMillis\":6}",
                        new MasterDrained(new Epoch(3), B, 12, 7),
                                "{\"epoch\":3,\"node\":\"n2\",\"version\":12,\"atMillis\":7}")
                .entrySet()) {
            var serializer = SerializationExtension.get(KIT.system())
                    .serializerFor(stored.getKey().getClass());
            byte[] bytes = serializer.toBinary(stored.getKey());

            assertEquals(new ObjectMapper().readTree(stored.getValue()), cbor.readTree(bytes));
            assertEquals(stored.getKey(), decoded(bytes, stored.getKey().getClass()));
        }
    }

    private static Object decoded(byte[] bytes, Class<?> type) throws IOException {
        var serialization = SerializationExtension.get(KIT.system());
        return serialization
                .deserialize(bytes, serialization.serializerFor(type).identifier(), type.getName())
                .get();
    }

    @Test
    void anEpochThatDoesNotGrowIsABrokenInvariant() {
        var state = new LeadershipState(null, new Epoch(4), B);
        var late = new MasterAppointed(new Epoch(4), C, "late", 0);

        var broken = assertThrows(InvariantBroken.class, () -> Leadership.apply(state, late));

        assertTrue(String.valueOf(broken.getMessage()).startsWith(Invariant.EPOCH_GROWS.name()));
    }

    private void serveWith(NodeId node) {
        leadership.<StatusReply<Done>>runCommand(replyTo -> adopt("aa", replyTo));
        report(loading(A));
        now.addAndGet(QUIET.settle().toNanos());
        report(standby(node, 7));
    }

    private EventSourcedBehaviorTestKit.CommandResult<Leadership.Command, Leadership.Event, LeadershipState> report(
            Standing standing) {
        return leadership.runCommand(new Report(standing, hosts.getRef()));
    }

    private static Adopt adopt(String metadataId, ActorRef<StatusReply<Done>> replyTo) {
        return new Adopt(metadataId, 7, "00", B, replyTo);
    }
}
