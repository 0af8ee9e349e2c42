package io.antler.metalogger.learner;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftReadJournal;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesBatch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * The changes in this node's replica of the journal. Blocks.
 *
 * @param query the events from one sequence number to another
 * @param live the same, and then what comes
 * @param highest sequence number of the last event; 0 if there is none
 */
public record ChangesSource(Query query, Query live, LongSupplier highest, ActorSystem<?> system) {
    /** One of Akka's read journal. */
    public interface Query {
        Source<EventEnvelope, NotUsed> events(String persistenceId, long from, long to);
    }

    public static ChangesSource of(RaftGroup raft, ActorSystem<?> system) {
        RaftReadJournal journal =
                PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
        return new ChangesSource(
                journal::currentEventsByPersistenceId,
                journal::eventsByPersistenceId,
                () -> raft.fence(Changes.PERSISTENCE_ID).highest(),
                system);
    }

    /** All batches from the one that has that version, or begins behind it, and what comes; to be cancelled. */
    SinkQueueWithCancel<ChangesBatch> from(long version) throws IOException, InterruptedException {
        return batches(live, version).runWith(Sink.queue(), system);
    }

    /** The same, without what comes. */
    public Source<ChangesBatch, NotUsed> current(long version) throws IOException, InterruptedException {
        return batches(query, version);
    }

    private Source<ChangesBatch, NotUsed> batches(Query which, long version) throws IOException, InterruptedException {
        return which.events(Changes.PERSISTENCE_ID, sequenceNrOf(version), Long.MAX_VALUE)
                .map(EventEnvelope::event)
                .collectType(ChangesBatch.class);
    }

    /** By bisecting: versions grow with the sequence numbers. Events at the beginning may have been deleted. */
    private long sequenceNrOf(long version) throws IOException, InterruptedException {
        long low = 1;
        long high = highest.getAsLong();
        while (low < high) {
            long middle = low + (high - low) / 2;
            Optional<ChangesBatch> batch = first(middle, middle);
            if (batch.isEmpty() || batch.get().nextVersion() <= version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Optional<ChangesBatch> first(long from, long to) throws IOException, InterruptedException {
        try {
            return query.events(Changes.PERSISTENCE_ID, from, to)
                    .map(EventEnvelope::event)
                    .collectType(ChangesBatch.class)
                    .runWith(Sink.headOption(), system)
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("the journal's changes could not be read: " + e.getMessage(), e);
        }
    }
}
