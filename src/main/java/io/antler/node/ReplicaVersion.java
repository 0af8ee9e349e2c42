package io.antler.node;

import akka.actor.typed.ActorSystem;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.Sink;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftReadJournal;
import io.antler.master.HostStatus;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Metadata version after the last change in this node's replica of the journal. One reader at a time. */
final class ReplicaVersion {
    private final RaftGroup raft;
    private final ActorSystem<?> system;
    private final RaftReadJournal journal;
    private volatile Seen last = new Seen(0, HostStatus.UNKNOWN);

    private record Seen(long sequenceNr, long version) {}

    ReplicaVersion(RaftGroup raft, ActorSystem<?> system) {
        this.raft = raft;
        this.system = system;
        this.journal =
                PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
    }

    /** -1 while there are no changes. Reads the last event, if it is not the one of the last time. */
    CompletionStage<Long> now() {
        Seen before = last;
        long highest = raft.fence(Changes.PERSISTENCE_ID).highest();
        return highest == before.sequenceNr()
                ? CompletableFuture.completedFuture(before.version())
                : journal.currentEventsByPersistenceId(Changes.PERSISTENCE_ID, highest, highest)
                        .map(EventEnvelope::event)
                        .collectType(ChangesBatch.class)
                        .runWith(Sink.headOption(), system)
                        .thenApply(batch -> {
                            // none: it has been deleted already, which only the next one makes good
                            last = new Seen(
                                    highest,
                                    batch.map(ChangesBatch::nextVersion).orElse(before.version()));
                            return last.version();
                        });
    }
}
