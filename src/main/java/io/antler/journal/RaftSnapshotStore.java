package io.antler.journal;

import static io.antler.journal.Stages.plain;

import akka.actor.ExtendedActorSystem;
import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotSelectionCriteria;
import akka.persistence.snapshot.japi.SnapshotStore;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Akka's snapshot store on the {@link RaftGroup} of the actor system's {@link RaftSetup}, so that an actor recovers on any
 * node. One snapshot for each sequence number. One that does not fit into an entry of the log (4 MiB) is refused with
 * {@link EntryTooLarge}.
 */
public final class RaftSnapshotStore extends SnapshotStore {
    private final RaftGroup group;
    private final Payloads payloads;

    public RaftSnapshotStore() {
        var system = (ExtendedActorSystem) context().system();
        group = RaftSetup.groupOf(system);
        payloads = new Payloads(system);
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return FutureConverters.asScala(plain(group.latestSnapshot(persistenceId, own(criteria))
                .thenApply(found -> found.map(snapshot -> {
                    var metadata = SnapshotMetadata.apply(persistenceId, snapshot.sequenceNr(), snapshot.timestamp());
                    return SelectedSnapshot.create(metadata, payloads.state(persistenceId, snapshot));
                }))));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return ended(group.saveSnapshot(metadata.persistenceId(), payloads.snapshot(metadata, snapshot)));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return ended(group.deleteSnapshots(
                metadata.persistenceId(), SnapshotCriteria.one(metadata.sequenceNr(), metadata.timestamp())));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return ended(group.deleteSnapshots(persistenceId, own(criteria)));
    }

    private static SnapshotCriteria own(SnapshotSelectionCriteria criteria) {
        return new SnapshotCriteria(
                criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(), criteria.maxTimestamp());
    }

    private static Future<Void> ended(CompletionStage<?> stage) {
        return FutureConverters.asScala(plain(stage.thenAccept(_ -> {})));
    }
}
