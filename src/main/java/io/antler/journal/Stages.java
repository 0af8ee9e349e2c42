package io.antler.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What {@link CompletionStage} lacks. */
final class Stages {
    private Stages() {}

    /** Fails with the reason itself, not wrapped by the steps in between. */
    static <T> CompletionStage<T> plain(CompletionStage<T> steps) {
        var result = new CompletableFuture<T>();
        var _ = steps.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return result;
    }
}
