package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    @Test
    void whatIsAskedForEndsAlsoWhenTheAnswerComesAfterTheEndOfItsThreads() {
        var executor = Executors.newSingleThreadExecutor();
        var attempts = new Attempts(Duration.ofSeconds(50), executor);
        var asked = attempts.until("not done", () -> reply);

        executor.shutdown();
        reply.complete(new Reply.TryAgain("no leader"));

        assertThrows(OutcomeNotKnown.class, () -> Await.of(asked));
        attempts.close();
    }

    @Test
    void whatDoesNotFitIsRefusedAndNotTriedAgain() {
        Reply refused = new Reply.TooLarge(5_000_000, 4_194_304);
        assertEquals(refused, Reply.decode(refused.encoded()));
        var attempts = new Attempts(Duration.ofSeconds(50), Runnable::run);
        var asked = attempts.until("not done", () -> reply);

        reply.complete(refused);

        var large = assertThrows(EntryTooLarge.class, () -> Await.of(asked));
        assertTrue(String.valueOf(large.getMessage()).contains("5000000 bytes"), large.getMessage());
        attempts.close();
    }

    @Test
    void whatIsTriedAgainEndsAlsoWhenTheTimerHasEnded() {
        try (var executor = Executors.newSingleThreadExecutor()) {
            var attempts = new Attempts(Duration.ofSeconds(50), executor);
            var held = new CompletableFuture<Void>();
            executor.execute(held::join); // the answer waits behind it
            var asked = attempts.until("not done", () -> reply);
            reply.complete(new Reply.TryAgain("no leader"));

            attempts.close();
            held.complete(null);

            assertThrows(OutcomeNotKnown.class, () -> Await.of(asked));
        }
    }
}
