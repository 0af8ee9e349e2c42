package io.antler.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting with a deadline, for what nothing tells of. */
public final class Await {
    /** For what takes a moment, on a busy machine too. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(50);

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) {
        until(LIMIT, what, condition);
    }

    /** @throws IllegalStateException if it still does not hold after {@code limit}, or cannot be looked at */
    public static void until(Duration limit, String what, Callable<Boolean> condition) {
        if (!holdsWithin(limit, condition)) {
            throw late(limit, what);
        }
    }

    /** @throws IllegalStateException if the condition cannot be looked at */
    public static boolean holdsWithin(Duration limit, Callable<Boolean> condition) {
        return within(limit, () -> Optional.of(holds(condition)).filter(held -> held))
                .isPresent();
    }

    /** @throws IllegalStateException if there is still no value after {@code limit} */
    static <T> T until(Duration limit, String what, Supplier<Optional<T>> value) {
        return within(limit, value).orElseThrow(() -> late(limit, what));
    }

    /**
     * The first value that is there within the limit, else nothing.
     *
     * @throws IllegalStateException if this thread is interrupted
     */
    static <T> Optional<T> within(Duration limit, Supplier<Optional<T>> value) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> current = value.get();
            if (current.isPresent() || System.nanoTime() - deadline > 0) {
                return current;
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
        }
    }

    /**
     * What the stage ends with; what it fails with is thrown if it is unchecked.
     *
     * @throws AssertionError if it fails with a checked exception, or does not end in time: no test takes that for the
     *     failure which it expects
     */
    public static <T> T of(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("failed: " + e.getCause(), e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not completed: " + e, e);
        }
    }

    /**
     * Calls what may hang for ever, such as a file operation on a mount whose master is dead. After the limit the
     * call is left alone in its daemon thread, which ends when the mount goes away.
     *
     * @throws IllegalStateException if it fails, or does not end within {@code limit}
     */
    static <T> T bounded(Duration limit, String what, Callable<T> call) {
        var task = new FutureTask<T>(call);
        Thread.ofPlatform().daemon().name(what).start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(what + ": no answer within " + limit, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(what + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + ": interrupted", e);
        }
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an awaited condition cannot be looked at: " + e, e);
        }
    }

    private static IllegalStateException late(Duration limit, String what) {
        return new IllegalStateException("not within " + limit + ": " + what);
    }
}
