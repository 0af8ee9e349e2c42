package io.antler.journal;

import io.antler.journal.EventStore.Change;
import java.util.List;
import org.rocksdb.RocksDBException;

/** The snapshots of persistent actors on this replica. Nothing of them is in memory. */
final class ActorSnapshots {
    private final EventStore store;

    ActorSnapshots(EventStore store) {
        this.store = store;
    }

    /** @param count of snapshots stored or deleted */
    record Changed(int count) implements Outcome {}

    Changed apply(Entry.OfSnapshots entry, Change change) throws RocksDBException {
        return switch (entry) {
            case Entry.SaveSnapshot save -> {
                change.putSnapshot(
                        save.persistenceId(), save.sequenceNr(), save.snapshot().toArrayUnsafe());
                yield new Changed(1);
            }
            case Entry.DeleteSnapshots delete -> {
                List<ActorSnapshot> found = matching(delete.persistenceId(), delete.criteria(), Integer.MAX_VALUE);
                for (ActorSnapshot snapshot : found) {
                    change.deleteSnapshot(delete.persistenceId(), snapshot.sequenceNr());
                }
                yield new Changed(found.size());
            }
        };
    }

    /** Newest first. Any thread. */
    List<ActorSnapshot> matching(String persistenceId, SnapshotCriteria criteria, int max) throws RocksDBException {
        if (!criteria.isPossible()) {
            return List.of();
        }
        try (var view = store.view()) {
            return view.snapshots(persistenceId, criteria, max);
        }
    }
}
