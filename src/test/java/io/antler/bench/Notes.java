package io.antler.bench;

import akka.actor.typed.Behavior;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.antler.bench.raw.Load;
import io.antler.journal.CborEncoded;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An actor that stores events, one with each command or many at once. */
final class Notes extends EventSourcedBehavior<Notes.Note, Notes.Noted, Long> {
    /** @param events at least one; one command under way at a time */
    record Note(List<Noted> events, Load.Callback callback) {
        /** @param count of small events */
        static Note small(int count, Load.Callback callback) {
            return new Note(Collections.nCopies(count, SMALL), callback);
        }

        Note {
            events = List.copyOf(events);
        }
    }

    record Noted(String text) implements CborEncoded {}

    /** With what a serializer and the journal add, about 200 bytes. */
    private static final Noted SMALL = new Noted("n".repeat(180));

    private final CompletableFuture<Long> recovered;

    private Notes(String id, CompletableFuture<Long> recovered) {
        super(PersistenceId.ofUniqueId(id));
        this.recovered = recovered;
    }

    /** @param recovered completes with the number of events when it has read them all */
    static Behavior<Note> create(String id, CompletableFuture<Long> recovered) {
        return new Notes(id, recovered);
    }

    @Override
    public Long emptyState() {
        return 0L;
    }

    @Override
    public CommandHandler<Note, Noted, Long> commandHandler() {
        return (_, note) -> (note.events().size() == 1
                        ? Effect().persist(note.events().getFirst())
                        : Effect().persist(note.events()))
                .thenRun(_ -> note.callback().ended(null));
    }

    @Override
    public EventHandler<Long, Noted> eventHandler() {
        return (count, _) -> count + 1;
    }

    @Override
    public SignalHandler<Long> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), recovered::complete)
                .onSignal(RecoveryFailed.class, (_, failed) -> recovered.completeExceptionally(failed.getFailure()))
                .build();
    }
}
