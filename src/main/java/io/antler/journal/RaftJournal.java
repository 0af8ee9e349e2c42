package io.antler.journal;

import static io.antler.journal.Stages.plain;

import akka.Done;
import akka.actor.ExtendedActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Akka's journal on the {@link RaftGroup} of the actor system's {@link RaftSetup}.
 *
 * <p>What a persistent actor sends at once is one log entry (a typed one sends what one command persists). A refused epoch
 * or sequence number fails the write, which stops the actor; an event that cannot be serialized, or an entry that is too
 * large, is rejected, as is all that was sent with or after it. Events may not be tagged.
 */
public final class RaftJournal extends AsyncWriteJournal {
    private static final int PAGE = 500;

    private final RaftGroup group;
    private final Payloads payloads;
    private final Map<String, CompletionStage<?>> writing = new ConcurrentHashMap<>();

    public RaftJournal() {
        var system = (ExtendedActorSystem) context().system();
        group = RaftSetup.groupOf(system);
        payloads = new Payloads(system);
    }

    /** What could be serialized, up to the first event that could not: what comes after that one would leave a hole. */
    private record Batch(List<PersistentRepr> events, List<Envelope> envelopes, List<Optional<Exception>> results) {
        void add(AtomicWrite write, Payloads payloads) {
            List<PersistentRepr> reprs = CollectionConverters.asJava(write.payload());
            Optional<Exception> rejected = results.isEmpty() ? Optional.empty() : results.getLast();
            if (rejected.isEmpty()) {
                try {
                    List<Envelope> serialized =
                            reprs.stream().map(payloads::envelope).toList();
                    events.addAll(reprs);
                    envelopes.addAll(serialized);
                } catch (Exception e) { // of any serializer; the actor is told
                    rejected = Optional.of(e);
                }
            }
            results.add(rejected);
        }

        /** The oldest: one fenced event that is too old refuses all that were sent with it. */
        Epoch epoch() {
            return events.stream()
                    .map(PersistentRepr::payload)
                    .filter(Fenced.class::isInstance)
                    .map(event -> ((Fenced) event).epoch())
                    .min(Epoch::compareTo)
                    .orElse(Epoch.NONE);
        }

        List<Optional<Exception>> allRejected(Exception reason) {
            return results.stream().map(_ -> Optional.of(reason)).toList();
        }
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        var batch = new Batch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        messages.forEach(write -> batch.add(write, payloads));
        if (batch.events().isEmpty()) {
            return Future.successful(batch.results());
        }
        PersistentRepr first = batch.events().getFirst();
        String persistenceId = first.persistenceId();
        var written = plain(group.append(persistenceId, batch.epoch(), first.sequenceNr(), batch.envelopes())
                .handle((_, failure) -> outcome(batch, failure))
                .thenCompose(outcome -> outcome));
        writing.put(persistenceId, written);
        var _ = written.whenComplete((_, _) -> writing.remove(persistenceId, written));
        return FutureConverters.asScala(written);
    }

    private static CompletionStage<Iterable<Optional<Exception>>> outcome(Batch batch, @Nullable Throwable failure) {
        return switch (failure) {
            case null -> CompletableFuture.completedFuture(batch.results());
            case EntryTooLarge large -> CompletableFuture.completedFuture(batch.allRejected(large));
            case Throwable other -> CompletableFuture.failedFuture(other);
        };
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return FutureConverters.asScala(
                plain(group.deleteTo(persistenceId, toSequenceNr).thenAccept(_ -> {})));
    }

    /** After what is being written here has ended, and what others wrote is here. */
    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        CompletionStage<?> before =
                writing.getOrDefault(persistenceId, CompletableFuture.completedFuture(Done.getInstance()));
        return FutureConverters.asScala(plain(before.handle((_, _) -> Done.getInstance())
                .thenCompose(_ -> group.barrier())
                .thenApply(_ -> group.fence(persistenceId).highest())));
    }

    /** Akka asks for the highest sequence number first, so this replica is up to date. */
    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long fromSequenceNr, long toSequenceNr, long max, Consumer<PersistentRepr> replay) {
        return FutureConverters.asScala(plain(replay(persistenceId, fromSequenceNr, toSequenceNr, max, replay)));
    }

    private CompletionStage<Void> replay(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
        if (max <= 0 || from > to) {
            return CompletableFuture.completedFuture(null);
        }
        return group.events(persistenceId, from, to, (int) Math.min(max, PAGE)).thenCompose(page -> {
            page.forEach(stored -> replay.accept(payloads.event(persistenceId, stored)));
            return page.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : replay(persistenceId, page.getLast().sequenceNr() + 1, to, max - page.size(), replay);
        });
    }
}
