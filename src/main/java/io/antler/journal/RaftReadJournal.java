package io.antler.journal;

import akka.NotUsed;
import akka.actor.ExtendedActorSystem;
import akka.japi.Pair;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.Offset;
import akka.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import akka.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import akka.persistence.query.javadsl.EventsByPersistenceIdQuery;
import akka.persistence.query.javadsl.PersistenceIdsQuery;
import akka.persistence.query.javadsl.ReadJournal;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads this node's own replica, so a live query is woken by the log and goes on without a majority. It may be a little
 * behind what was confirmed elsewhere; {@link RaftGroup#barrier()} first, where that matters.
 */
public final class RaftReadJournal
        implements ReadJournal,
                EventsByPersistenceIdQuery,
                CurrentEventsByPersistenceIdQuery,
                PersistenceIdsQuery,
                CurrentPersistenceIdsQuery {
    public static final String IDENTIFIER = "antler.journal.query";

    private static final int PAGE = 200;

    private final RaftGroup group;
    private final Payloads payloads;

    RaftReadJournal(ExtendedActorSystem system) {
        group = RaftSetup.groupOf(system);
        payloads = new Payloads(system);
    }

    private interface Reader {
        CompletionStage<List<StoredEvent>> read(long first);
    }

    /** Live: does not end before {@code toSequenceNr}. */
    @Override
    public Source<EventEnvelope, NotUsed> eventsByPersistenceId(
            String persistenceId, long fromSequenceNr, long toSequenceNr) {
        return events(
                persistenceId,
                fromSequenceNr,
                toSequenceNr,
                first -> group.nextEvents(persistenceId, first, toSequenceNr, PAGE));
    }

    /** Ends with what was stored when it was started. */
    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
            String persistenceId, long fromSequenceNr, long toSequenceNr) {
        return Source.lazySource(() -> {
                    long last =
                            Math.min(toSequenceNr, group.fence(persistenceId).highest());
                    return events(
                            persistenceId,
                            fromSequenceNr,
                            last,
                            first -> group.events(persistenceId, first, last, PAGE));
                })
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    /** Live: does not end. In the order in which this replica learned of them, each once. */
    @Override
    public Source<String, NotUsed> persistenceIds() {
        return Source.unfoldAsync(0, position -> group.nextPersistenceIds(position)
                        .thenApply(page -> Optional.of(Pair.create(position + page.size(), page))))
                .mapConcat(page -> page);
    }

    /** Those that have or had events. */
    @Override
    public Source<String, NotUsed> currentPersistenceIds() {
        return Source.lazySource(() -> Source.from(group.persistenceIds(0)))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    private Source<EventEnvelope, NotUsed> events(String persistenceId, long from, long to, Reader reader) {
        return Source.unfoldAsync(Math.max(1, from), first -> page(first, to, reader))
                .mapConcat(page -> page)
                .map(stored -> envelope(persistenceId, stored));
    }

    private static CompletionStage<Optional<Pair<Long, List<StoredEvent>>>> page(long first, long to, Reader reader) {
        return first > to
                ? CompletableFuture.completedFuture(Optional.empty())
                : reader.read(first)
                        .thenApply(page -> page.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Pair.create(page.getLast().sequenceNr() + 1, page)));
    }

    private EventEnvelope envelope(String persistenceId, StoredEvent stored) {
        return new EventEnvelope(
                Offset.sequence(stored.sequenceNr()),
                persistenceId,
                stored.sequenceNr(),
                payloads.payload(persistenceId, stored),
                stored.envelope().timestamp());
    }
}
