package io.antler.node;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** A change that was asked for: without an answer nobody knows whether it was made. */
final class Unanswered {
    private Unanswered() {}

    /**
     * @param asked directly from the ask, so that its failure comes as it is
     * @param sentence for the operator if there is no answer; any other failure stays
     */
    static <T> CompletionStage<T> told(CompletionStage<T> asked, String sentence) {
        return asked.exceptionally(failure -> {
            throw failure instanceof TimeoutException
                    ? new IllegalStateException(sentence)
                    : new CompletionException(failure);
        });
    }
}
