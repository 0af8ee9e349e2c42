package io.antler.journal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits for the next event of which persistence id. Any thread. */
final class Arrivals {
    private final Map<String, CompletableFuture<Void>> next = new HashMap<>();
    private @Nullable RuntimeException ended;

    /** Completes with the next {@link #arrived}. Ask for it first, look whether there is something already, then wait. */
    synchronized CompletableFuture<Void> next(String persistenceId) {
        return ended == null
                ? next.computeIfAbsent(persistenceId, _ -> new CompletableFuture<>())
                : CompletableFuture.failedFuture(ended);
    }

    void arrived(String persistenceId) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            waiting = next.remove(persistenceId);
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    void end(RuntimeException reason) {
        Map<String, CompletableFuture<Void>> waiting;
        synchronized (this) {
            ended = reason;
            waiting = Map.copyOf(next);
            next.clear();
        }
        waiting.values().forEach(future -> future.completeExceptionally(reason));
    }
}
