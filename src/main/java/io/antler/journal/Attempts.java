package io.antler.journal;

import akka.util.ByteString;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Asks again and again until the leader answers or the time is up: for what is safe to do twice. */
final class Attempts implements AutoCloseable {
    private static final long INTERVAL_MS = 20;

    private final Duration timeout;
    private final Executor executor;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemon("antler-journal-timer"));
    private final Map<Long, CompletableFuture<Reply>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;

    /** @param executor completes what is asked for */
    Attempts(Duration timeout, Executor executor) {
        this.timeout = timeout;
        this.executor = executor;
    }

    /**
     * Fails with {@link OutcomeNotKnown}, with {@link ChangeRefused} where the call can be refused, or with {@link DiskFull}
     * as soon as a leader says so.
     *
     * @param failure what it means when the time is up, for the message
     */
    CompletableFuture<ByteString> until(String failure, Supplier<CompletableFuture<Reply>> attempt) {
        var result = new CompletableFuture<ByteString>();
        again(failure, attempt, System.nanoTime() + timeout.toNanos(), result);
        return result;
    }

    private void again(
            String failure,
            Supplier<CompletableFuture<Reply>> attempt,
            long deadline,
            CompletableFuture<ByteString> result) {
        if (closed) {
            result.completeExceptionally(closed(failure));
            return;
        }
        var _ = begin(attempt)
                .orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                .exceptionally(cause -> new Reply.TryAgain(cause.toString()))
                .thenAcceptAsync(
                        reply -> {
                            switch (reply) {
                                case Reply.Done done -> result.complete(done.result());
                                case Reply.Refused refused ->
                                    result.completeExceptionally(new ChangeRefused(refused.reason()));
                                case Reply.Full full -> result.completeExceptionally(full.exception());
                                case Reply.TryAgain last
                                when System.nanoTime() - deadline >= 0 ->
                                    result.completeExceptionally(notKnown(failure, last));
                                case Reply.TryAgain _ -> {
                                    var _ = timer.schedule(
                                            () -> again(failure, attempt, deadline, result),
                                            INTERVAL_MS,
                                            TimeUnit.MILLISECONDS);
                                }
                            }
                        },
                        executor)
                .exceptionally(
                        rejected -> { // by the timer or the executor, closed meanwhile
                            result.completeExceptionally(closed(failure));
                            return null;
                        });
    }

    private static OutcomeNotKnown closed(String failure) {
        return new OutcomeNotKnown(failure + ": the journal of this node is closed");
    }

    private CompletableFuture<Reply> begin(Supplier<CompletableFuture<Reply>> attempt) {
        var reply = new CompletableFuture<Reply>();
        long number = numbers.incrementAndGet();
        underWay.put(number, reply); // before the leader is looked up, so that the loss of that leader ends it
        var _ = reply.whenComplete((_, _) -> underWay.remove(number));
        try {
            var _ = attempt.get()
                    .whenComplete((value, failure) -> reply.complete(
                            failure == null ? value : new Reply.TryAgain(String.valueOf(failure.getMessage()))));
        } catch (RuntimeException e) {
            reply.complete(new Reply.TryAgain(String.valueOf(e.getMessage())));
        }
        return reply;
    }

    /** The one that was asked may never answer; the next leader will. */
    void leaderLost() {
        underWay.values().forEach(reply -> reply.complete(new Reply.TryAgain("the leader is lost")));
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
