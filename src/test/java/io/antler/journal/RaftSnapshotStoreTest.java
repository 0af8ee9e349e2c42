package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.persistence.DeleteSnapshotSuccess;
import akka.persistence.DeleteSnapshotsSuccess;
import akka.persistence.Persistence;
import akka.persistence.SaveSnapshotFailure;
import akka.persistence.SaveSnapshotSuccess;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotProtocol;
import akka.persistence.SnapshotSelectionCriteria;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.OptionConverters;

/** What Akka asks of a snapshot store (its own SnapshotStoreSpec is not published), spoken in Akka's protocol. */
class RaftSnapshotStoreTest {
    private static TestGroup group;
    private static ActorSystem system;

    record State(String text) implements CborEncoded {}

    /** No serializer takes it. */
    record Unknown(String text) {}

    private final String pid = "pid-" + UUID.randomUUID();
    private TestKit probe;

    @BeforeAll
    static void start(@TempDir Path directory) {
        group = TestGroup.start(directory, 1);
        system = ActorSystem.create("snapshots", RaftJournalTest.setup(group.awaitLeader()));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
        group.close();
    }

    /** Sequence numbers 11 to 15 at times 110 to 150. Akka takes the time from the clock, so not through its protocol. */
    @BeforeEach
    void saveFive() {
        probe = new TestKit(system);
        var payloads = new Payloads((ExtendedActorSystem) system);
        for (int i = 11; i <= 15; i++) {
            Await.of(
                    group.awaitLeader().saveSnapshot(pid, payloads.snapshot(metadata(i, 10L * i), new State("s" + i))));
        }
    }

    private static ActorRef store() {
        return Persistence.get(system).snapshotStoreFor("antler.journal.snapshot-store", ConfigFactory.empty());
    }

    private SnapshotMetadata metadata(long sequenceNr, long timestamp) {
        return SnapshotMetadata.apply(pid, sequenceNr, timestamp);
    }

    private void save(long sequenceNr, Object state) {
        store().tell(new SnapshotProtocol.SaveSnapshot(metadata(sequenceNr, 0), state), probe.getRef());
    }

    private static SnapshotSelectionCriteria criteria(long maxSequenceNr, long maxTimestamp) {
        return SnapshotSelectionCriteria.create(maxSequenceNr, maxTimestamp);
    }

    private Optional<String> loaded(String persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) {
        store().tell(new SnapshotProtocol.LoadSnapshot(persistenceId, criteria, toSequenceNr), probe.getRef());
        var result = probe.expectMsgClass(SnapshotProtocol.LoadSnapshotResult.class);
        assertEquals(toSequenceNr, result.toSequenceNr());
        return OptionConverters.toJava(result.snapshot())
                .map(selected -> selected.metadata().sequenceNr() + "@"
                        + selected.metadata().timestamp() + ":" + ((State) selected.snapshot()).text());
    }

    private Optional<String> loaded(SnapshotSelectionCriteria criteria) {
        return loaded(pid, criteria, Long.MAX_VALUE);
    }

    @Test
    void aPersistenceIdWithoutSnapshotsHasNone() {
        assertEquals(Optional.empty(), loaded(pid + "x", SnapshotSelectionCriteria.latest(), Long.MAX_VALUE));
        assertEquals(Optional.empty(), loaded("", SnapshotSelectionCriteria.latest(), 13));
    }

    @Test
    void theNewestOneIsLoaded() {
        assertEquals(Optional.of("15@150:s15"), loaded(SnapshotSelectionCriteria.latest()));
    }

    @Test
    void noneIsLoadedWhenNoneIsAskedFor() {
        assertEquals(Optional.empty(), loaded(SnapshotSelectionCriteria.none()));
    }

    @Test
    void theNewestOneUpToASequenceNumberIsLoaded() {
        assertEquals(Optional.of("13@130:s13"), loaded(criteria(13, Long.MAX_VALUE)));
        assertEquals(Optional.of("13@130:s13"), loaded(pid, SnapshotSelectionCriteria.latest(), 13));
        assertEquals(Optional.empty(), loaded(criteria(7, Long.MAX_VALUE)));
        assertEquals(Optional.empty(), loaded(pid, SnapshotSelectionCriteria.latest(), 7));
    }

    @Test
    void theNewestOneUpToATimeIsLoaded() {
        assertEquals(Optional.of("13@130:s13"), loaded(criteria(Long.MAX_VALUE, 139)));
        assertEquals(Optional.of("12@120:s12"), loaded(criteria(12, 139)));
        assertEquals(Optional.empty(), loaded(criteria(Long.MAX_VALUE, 100)));
        assertEquals(Optional.empty(), loaded(criteria(11, 109)));
    }

    @Test
    void lowerLimitsAreKeptToo() {
        assertEquals(
                Optional.of("15@150:s15"),
                loaded(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 15, 150)));
        assertEquals(Optional.empty(), loaded(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 16, 0)));
        assertEquals(
                Optional.empty(), loaded(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 0, 151)));
    }

    @Test
    void oneSnapshotIsDeletedByItsSequenceNumber() {
        store().tell(new SnapshotProtocol.DeleteSnapshot(metadata(15, 0)), probe.getRef());

        assertEquals(
                15, probe.expectMsgClass(DeleteSnapshotSuccess.class).metadata().sequenceNr());
        assertEquals(Optional.of("14@140:s14"), loaded(SnapshotSelectionCriteria.latest()));
    }

    @Test
    void ofAnotherTimeItIsAnotherSnapshotAndNotDeleted() {
        store().tell(new SnapshotProtocol.DeleteSnapshot(metadata(15, 149)), probe.getRef());
        probe.expectMsgClass(DeleteSnapshotSuccess.class);
        assertEquals(Optional.of("15@150:s15"), loaded(SnapshotSelectionCriteria.latest()));

        store().tell(new SnapshotProtocol.DeleteSnapshot(metadata(15, 150)), probe.getRef());
        probe.expectMsgClass(DeleteSnapshotSuccess.class);
        assertEquals(Optional.of("14@140:s14"), loaded(SnapshotSelectionCriteria.latest()));
    }

    @Test
    void allThatMatchAreDeleted() {
        var upTo13 = criteria(13, 129);
        store().tell(new SnapshotProtocol.DeleteSnapshots(pid, upTo13), probe.getRef());

        assertEquals(upTo13, probe.expectMsgClass(DeleteSnapshotsSuccess.class).criteria());
        assertEquals(Optional.empty(), loaded(criteria(12, Long.MAX_VALUE)));
        assertEquals(Optional.of("13@130:s13"), loaded(criteria(13, Long.MAX_VALUE)));

        var none = SnapshotSelectionCriteria.create(14, Long.MAX_VALUE, 14, 141);
        store().tell(new SnapshotProtocol.DeleteSnapshots(pid, none), probe.getRef());
        probe.expectMsgClass(DeleteSnapshotsSuccess.class);
        assertEquals(Optional.of("14@140:s14"), loaded(criteria(14, Long.MAX_VALUE)));
    }

    @Test
    void deletingDoesNotTouchOtherPersistenceIds() {
        store().tell(
                        new SnapshotProtocol.DeleteSnapshots(pid + "x", SnapshotSelectionCriteria.latest()),
                        probe.getRef());
        store().tell(
                        new SnapshotProtocol.DeleteSnapshots(
                                pid.substring(0, pid.length() - 1), SnapshotSelectionCriteria.latest()),
                        probe.getRef());
        probe.expectMsgClass(DeleteSnapshotsSuccess.class);
        probe.expectMsgClass(DeleteSnapshotsSuccess.class);

        assertEquals(Optional.of("15@150:s15"), loaded(SnapshotSelectionCriteria.latest()));
        assertEquals(Optional.of("11@110:s11"), loaded(criteria(11, Long.MAX_VALUE)));
    }

    @Test
    void aSecondOneWithTheSameNumberTakesThePlaceOfTheFirst() {
        save(15, new State("again"));
        long saved = probe.expectMsgClass(SaveSnapshotSuccess.class).metadata().timestamp();

        assertEquals(Optional.of("15@" + saved + ":again"), loaded(SnapshotSelectionCriteria.latest()));
        assertEquals(Optional.of("14@140:s14"), loaded(criteria(Long.MAX_VALUE, saved - 1)));
    }

    @Test
    void aLargeOneIsSavedAndATooLargeOneRefused() {
        save(16, new State("x".repeat(4_000_000)));
        probe.expectMsgClass(SaveSnapshotSuccess.class);
        assertTrue(loaded(SnapshotSelectionCriteria.latest()).orElseThrow().startsWith("16@"));

        save(17, new State("x".repeat(5_000_000)));

        assertInstanceOf(
                EntryTooLarge.class,
                probe.expectMsgClass(SaveSnapshotFailure.class).cause());
        assertTrue(loaded(SnapshotSelectionCriteria.latest()).orElseThrow().startsWith("16@"));
    }

    @Test
    void oneThatCannotBeSerializedFailsAndChangesNothing() {
        save(16, new Unknown("?"));

        assertEquals(
                16, probe.expectMsgClass(SaveSnapshotFailure.class).metadata().sequenceNr());
        assertEquals(Optional.of("15@150:s15"), loaded(SnapshotSelectionCriteria.latest()));
    }

    @Test
    void metadataOfReplicatedEventSourcingIsRefused() {
        var metadata = metadata(16, 160).withMetadata("replica");
        store().tell(new SnapshotProtocol.SaveSnapshot(metadata, new State("s")), probe.getRef());

        assertInstanceOf(
                UnsupportedOperationException.class,
                probe.expectMsgClass(SaveSnapshotFailure.class).cause());
    }
}
