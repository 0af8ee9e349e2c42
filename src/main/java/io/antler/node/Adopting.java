package io.antler.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.antler.leadership.Leadership;
import io.antler.master.Adoption;
import io.antler.metalogger.Checkpoint;
import io.antler.monitor.ClusterStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** {@code antler adopt} on this node: the image first, then the history, then the marker. */
final class Adopting {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Premises premises;
    private final NodeSettings settings;
    private final ActorRef<Leadership.Command> leadership;
    private final ActorSystem<?> system;

    Adopting(NodeSettings settings, Premises premises, ActorRef<Leadership.Command> leadership, ActorSystem<?> system) {
        this.settings = settings;
        this.premises = premises;
        this.leadership = leadership;
        this.system = system;
    }

    CompletionStage<String> adopt() {
        Adoption adoption = premises.adoption();
        return new ClusterWatch(settings, leadership, system)
                .status()
                .thenCompose(status -> status.metadataId() == null
                        ? adoptFirst(adoption)
                        : CompletableFuture.supplyAsync(() -> again(adoption, status), premises.blocking()));
    }

    private CompletionStage<String> adoptFirst(Adoption adoption) {
        return CompletableFuture.supplyAsync(() -> take(adoption), premises.blocking())
                .thenCompose(checkpoint ->
                        announce(checkpoint).thenApplyAsync(_ -> mark(adoption, checkpoint), premises.blocking()));
    }

    /** An adoption whose answer or marker was lost on the way is completed; any other is refused. */
    private String again(Adoption adoption, ClusterStatus status) {
        Optional<Checkpoint> ours = premises.checkpoints()
                .newest()
                .filter(checkpoint -> checkpoint.id().toString().equals(status.metadataId()));
        if (ours.isPresent() && adoption.isUnmarked(ours.get().id())) {
            return mark(adoption, ours.get());
        }
        throw new IllegalStateException("Not adopted: this cluster already serves metadata id " + status.metadataId()
                + " in epoch " + status.epoch() + ". To begin anew with another file system: stop all nodes, move"
                + " antler.node.data-dir of each aside, start them, adopt again.");
    }

    private static Checkpoint take(Adoption adoption) {
        try {
            return adoption.takeImage();
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }

    private CompletionStage<Done> announce(Checkpoint checkpoint) {
        return Unanswered.told(
                AskPattern.<Leadership.Command, Done>askWithStatus(
                        leadership,
                        replyTo -> new Leadership.Adopt(
                                checkpoint.id().toString(),
                                checkpoint.version(),
                                checkpoint.sha256(),
                                settings.self().id(),
                                replyTo),
                        ANSWER,
                        system.scheduler()),
                "It is not known whether this was adopted: Leadership did not answer within " + ANSWER.toSeconds()
                        + " s. Run the same command again.");
    }

    private static String mark(Adoption adoption, Checkpoint checkpoint) {
        String sentence = "Adopted: metadata id " + checkpoint.id() + " at version " + checkpoint.version();
        try {
            adoption.mark(sentence);
        } catch (Exception failure) {
            throw new CompletionException(
                    "The cluster has adopted it, but the marker that refuses a second adoption could"
                            + " not be written: " + failure.getMessage() + ". Create the file " + Adoption.MARKER
                            + " yourself.",
                    failure);
        }
        return sentence + ".";
    }
}
