package io.antler.journal;

import akka.util.ByteString;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks again and again until the leader answers or the time is up: for what is safe to do twice. */
final class Attempts implements AutoCloseable {
    private static final long INTERVAL_MS = 20;
    private static final long OVERDUE_INTERVAL_MS = 50;

    private final Duration timeout;
    private final Executor executor;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemon("antler-journal-timer"));
    private final Set<Attempt> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param executor completes what is asked for */
    Attempts(Duration timeout, Executor executor) {
        this.timeout = timeout;
        this.executor = executor;
        // one look at all of them now and then: a timer for each would wake a thread for every append
        var _ = timer.scheduleWithFixedDelay(
                this::endOverdue, OVERDUE_INTERVAL_MS, OVERDUE_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * What is asked for.
     *
     * @param failure what it means when the time is up, for the message
     * @param deadline of {@link System#nanoTime}
     * @param executor completes the result
     */
    private record Question(
            String failure,
            Supplier<CompletableFuture<Reply>> attempt,
            long deadline,
            Executor executor,
            CompletableFuture<ByteString> result) {}

    /** One of perhaps several for the same question. */
    private record Attempt(CompletableFuture<Reply> reply, long deadline) {}

    /**
     * Fails with {@link OutcomeNotKnown}, with {@link ChangeRefused} where the call can be refused, or with {@link DiskFull}
     * or {@link EntryTooLarge} as soon as a leader says so.
     *
     * @param failure what it means when the time is up, for the message
     */
    CompletableFuture<ByteString> until(String failure, Supplier<CompletableFuture<Reply>> attempt) {
        return until(failure, attempt, executor);
    }

    /** As {@link #until}, completed where the answer arrives: what follows does no more than hand it to another thread. */
    CompletableFuture<ByteString> untilHere(String failure, Supplier<CompletableFuture<Reply>> attempt) {
        return until(failure, attempt, Runnable::run);
    }

    private CompletableFuture<ByteString> until(
            String failure, Supplier<CompletableFuture<Reply>> attempt, Executor answers) {
        var result = new CompletableFuture<ByteString>();
        again(new Question(failure, attempt, System.nanoTime() + timeout.toNanos(), answers, result));
        return result;
    }

    private void again(Question question) {
        if (closed) {
            question.result().completeExceptionally(closed(question.failure()));
            return;
        }
        var _ = begin(question)
                .thenAcceptAsync(reply -> answered(question, reply), question.executor())
                .exceptionally(
                        rejected -> { // by the timer or the executor, closed meanwhile
                            question.result().completeExceptionally(closed(question.failure()));
                            return null;
                        });
    }

    private void answered(Question question, Reply reply) {
        switch (reply) {
            case Reply.Done done -> question.result().complete(done.result());
            case Reply.Refused refused -> question.result().completeExceptionally(new ChangeRefused(refused.reason()));
            case Reply.Full full -> question.result().completeExceptionally(full.exception());
            case Reply.TooLarge large -> question.result().completeExceptionally(large.exception());
            case Reply.TryAgain last
            when System.nanoTime() - question.deadline() >= 0 ->
                question.result().completeExceptionally(notKnown(question.failure(), last));
            case Reply.TryAgain _ -> {
                var _ = timer.schedule(() -> again(question), INTERVAL_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static OutcomeNotKnown closed(String failure) {
        return new OutcomeNotKnown(failure + ": the journal of this node is closed");
    }

    /** Never fails: the reply says why it came to nothing. */
    private CompletableFuture<Reply> begin(Question question) {
        var reply = new CompletableFuture<Reply>();
        var attempt = new Attempt(reply, question.deadline());
        underWay.add(attempt); // before the leader is looked up, so that the loss of that leader ends it
        var _ = reply.whenComplete((_, _) -> underWay.remove(attempt));
        if (closed) {
            reply.complete(new Reply.TryAgain("closed")); // perhaps after close() has ended the others
            return reply;
        }
        try {
            var _ = question.attempt()
                    .get()
                    .whenComplete((value, failure) -> reply.complete(
                            failure == null ? value : new Reply.TryAgain(String.valueOf(failure.getMessage()))));
        } catch (RuntimeException e) {
            reply.complete(new Reply.TryAgain(String.valueOf(e.getMessage())));
        }
        return reply;
    }

    private void endOverdue() {
        long now = System.nanoTime();
        for (Attempt attempt : underWay) {
            if (now - attempt.deadline() >= 0) {
                attempt.reply().complete(new Reply.TryAgain("no answer"));
            }
        }
    }

    /** The one that was asked may never answer; the next leader will. */
    void leaderLost() {
        underWay.forEach(attempt -> attempt.reply().complete(new Reply.TryAgain("the leader is lost")));
    }

    private OutcomeNotKnown notKnown(String failure, Reply.TryAgain last) {
        return new OutcomeNotKnown(failure + " within " + timeout.toMillis() + " ms, last: " + last.reason()
                + "; check that a majority of the nodes runs and that they reach each other");
    }

    /** Fails what is under way. */
    @Override
    public void close() {
        closed = true;
        timer.shutdown(); // what waits there still runs, and finds it closed
        leaderLost();
    }
}
