package io.antler.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.StatusReply;
import io.antler.leadership.Leadership;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code antler leave} and {@code antler leave --cancel}, as far as they concern the cluster. */
final class Leaving {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final ActorRef<Leadership.Command> leadership;
    private final ActorSystem<?> system;

    Leaving(ActorRef<Leadership.Command> leadership, ActorSystem<?> system) {
        this.leadership = leadership;
        this.system = system;
    }

    CompletionStage<String> leave() {
        return ask(Leadership.Leave::new, "Leaving: the master is to hand over everything, and nobody to follow it.");
    }

    CompletionStage<String> cancel() {
        return ask(Leadership.CancelLeave::new, "The cluster stays: a master is appointed as ever.");
    }

    private CompletionStage<String> ask(
            Function<ActorRef<StatusReply<Done>>, Leadership.Command> question, String sentence) {
        return Unanswered.told(
                        AskPattern.<Leadership.Command, Done>askWithStatus(
                                leadership, question::apply, ANSWER, system.scheduler()),
                        "It is not known whether this was stored: Leadership did not answer within "
                                + ANSWER.toSeconds() + " s. Run the same command again.")
                .thenApply(_ -> sentence);
    }
}
