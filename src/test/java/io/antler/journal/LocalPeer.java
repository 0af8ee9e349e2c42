package io.antler.journal;

import akka.Done;
import akka.util.ByteString;
import io.antler.journal.SideLeases.HeldBy;
import io.antler.journal.SideLeases.Seen;
import io.antler.journal.SideLeases.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/** A real peer in this JVM. */
final class LocalPeer implements Peer {
    private static final int PAGE = 500;

    private final RaftGroup group;
    private final LeaseTerms terms;
    private final LongSupplier clock;
    private final LongUnaryOperator trueTime;
    private final Supplier<CompletableFuture<?>> awake;

    /**
     * @param clock the one that the group was started with
     * @param awake completes when this peer does not sleep
     */
    LocalPeer(
            RaftGroup group,
            LeaseTerms terms,
            LongSupplier clock,
            LongUnaryOperator trueTime,
            Supplier<CompletableFuture<?>> awake) {
        this.group = group;
        this.terms = terms;
        this.clock = clock;
        this.trueTime = trueTime;
        this.awake = awake;
    }

    @Override
    public NodeId node() {
        return group.self();
    }

    @Override
    public long now() {
        return clock.getAsLong();
    }

    @Override
    public long trueTime(long reading) {
        return trueTime.applyAsLong(reading);
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        long sentAt = clock.getAsLong(); // it may fall asleep right after that
        return awake.get()
                .thenCompose(_ -> begin(request, sentAt))
                .handle((answer, failure) -> failure == null ? answer : refusal(failure))
                .thenCompose(answer -> awake.get().thenApply(_ -> answer));
    }

    private CompletionStage<Answer> begin(Request request, long sentAt) {
        return switch (request) {
            case Request.Append(String id, long writer, long first, List<String> texts) ->
                done(group.append(
                        id,
                        new Epoch(writer),
                        first,
                        texts.stream().map(LocalPeer::event).toList()));
            case Request.TakeOver(String id, long epoch) ->
                group.takeOver(id, new Epoch(epoch))
                        .thenApply(taken -> new Answer.Fenced(
                                taken.highestSequenceNr(), group.leaseWatch(id).mayOpenAt(terms)));
            case Request.Renew(String id, long epoch) ->
                group.renewLease(id, new Epoch(epoch)).thenApply(_ -> new Answer.Renewed(sentAt));
            case Request.Release(String id, long epoch) -> done(group.releaseLease(id, new Epoch(epoch)));
            case Request.Read(String id, long first, boolean barrier) ->
                (barrier ? group.barrier() : CompletableFuture.completedFuture(Done.getInstance()))
                        .thenCompose(_ -> read(id, first));
            case Request.DeleteTo(String id, long last) -> done(group.deleteTo(id, last));
            case Request.TakeSideLease(String name, String owner, long seen) ->
                group.ask(new Entry.TakeSideLease(name, owner, seen)).thenApply(side(sentAt));
            case Request.RenewSideLease(String name, String owner) ->
                group.ask(new Entry.RenewSideLease(name, owner)).thenApply(side(sentAt));
            case Request.ReleaseSideLease(String name, String owner, long last) ->
                group.ask(new Entry.ReleaseSideLease(name, owner, last)).thenApply(side(sentAt));
            case Request.LookAtSideLease(String name) -> CompletableFuture.completedFuture(seen(group.sideLease(name)));
        };
    }

    private static CompletionStage<Answer> done(CompletionStage<Done> stage) {
        return stage.thenApply(_ -> new Answer.Done());
    }

    private static Answer refusal(Throwable failure) {
        return switch (failure) {
            case EpochRefused refused -> new Answer.Refused(refused.current().value());
            case OutOfSequence other -> new Answer.Misplaced(String.valueOf(other.getMessage()));
            case CompletionException wrapped when wrapped.getCause() != null -> refusal(wrapped.getCause());
            case Throwable other -> new Answer.NotKnown(String.valueOf(other.getMessage()));
        };
    }

    private static Function<SideLeases.Answer, Answer> side(long sentAt) {
        return answer -> switch (answer) {
            case Taken(long turn) -> new Answer.SideTaken(sentAt, turn);
            case HeldBy(String owner, long turn) -> new Answer.SideHeldBy(owner, turn);
        };
    }

    private Answer seen(Seen seen) {
        return new Answer.SideSeen(seen.holding().owner(), seen.holding().turn(), seen.at(), clock.getAsLong());
    }

    private CompletionStage<Answer> read(String persistenceId, long first) {
        long highest = group.fence(persistenceId).highest();
        return pages(persistenceId, first, highest, new ArrayList<>())
                .thenApply(events -> new Answer.Events(highest, events));
    }

    private CompletionStage<List<Answer.Event>> pages(
            String persistenceId, long first, long last, List<Answer.Event> found) {
        return group.events(persistenceId, first, last, PAGE).thenCompose(page -> {
            page.forEach(event -> found.add(new Answer.Event(event.sequenceNr(), text(event.envelope()))));
            return page.isEmpty() || page.getLast().sequenceNr() >= last
                    ? CompletableFuture.completedFuture(found)
                    : pages(persistenceId, page.getLast().sequenceNr() + 1, last, found);
        });
    }

    /** The text with a filler that follows from it: mostly short, sometimes some kilobytes. */
    private static ByteString payload(String text) {
        int hash = Math.floorMod(text.hashCode() * 31, 1000);
        return ByteString.fromString(text + '\n' + "x".repeat(hash < 20 ? 1000 * hash : hash / 4));
    }

    private static Envelope event(String text) {
        return new Envelope(1, "text", "", "writer", 17, payload(text));
    }

    private static String text(Envelope envelope) {
        String stored = envelope.payload().utf8String();
        String text = stored.substring(0, Math.max(0, stored.indexOf('\n')));
        return envelope.equals(event(text)) ? text : "damaged: " + text;
    }
}
