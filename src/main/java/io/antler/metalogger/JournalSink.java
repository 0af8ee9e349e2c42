package io.antler.metalogger;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.StatusReply;
import io.antler.moosefs.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The journal, by its one writer. */
public record JournalSink(ActorRef<ChangesWriter.Command> writer, Duration timeout, ActorSystem<?> system)
        implements ChangesSink {
    @Override
    public long append(List<Change> changes) throws IOException, InterruptedException {
        try {
            return AskPattern.<ChangesWriter.Command, Long>askWithStatus(
                            writer, replyTo -> new ChangesWriter.Append(changes, replyTo), timeout, system.scheduler())
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause instanceof StatusReply.ErrorMessage
                    ? "were refused: " + cause.getMessage()
                    : "are not known to be stored: " + cause.getMessage();
            throw new IOException(
                    "changes " + changes.getFirst().version() + " to "
                            + changes.getLast().version() + " " + why,
                    cause);
        }
    }
}
