package io.antler.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import io.antler.configuration.ConfigurationFiles;
import io.antler.configuration.ConfigurationPush;
import io.antler.configuration.ConfigurationPushed;
import io.antler.monitor.PushedConfiguration;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** {@code antler config push}: this node's files become those of all nodes. */
final class Pushing {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final Premises premises;
    private final ActorSystem<?> system;

    Pushing(NodeSettings settings, Premises premises, ActorSystem<?> system) {
        this.settings = settings;
        this.premises = premises;
        this.system = system;
    }

    /** Completes when the journal has them. */
    CompletionStage<PushedConfiguration> push() {
        return CompletableFuture.supplyAsync(this::read, premises.blocking()).thenCompose(this::store);
    }

    private ConfigurationFiles read() {
        MasterConfig running = premises.running();
        try {
            ConfigurationFiles files = ConfigurationFiles.read(MasterConfig.read(running.file()));
            List<String> reasons = files.needsRestart(running);
            if (!reasons.isEmpty()) {
                throw new IllegalStateException("Not pushed: " + String.join("; ", reasons)
                        + ". A node takes that up only when it starts: change " + running.file()
                        + " on every node, restart the standbys first and the master's node last.");
            }
            return files;
        } catch (IOException | BadMasterConfig unusable) {
            throw new CompletionException(new IllegalStateException("Not pushed: " + unusable.getMessage(), unusable));
        }
    }

    private CompletionStage<PushedConfiguration> store(ConfigurationFiles files) {
        var version = new ConfigurationPushed(files.texts(), settings.self().id(), System.currentTimeMillis());
        ActorRef<ConfigurationPush.Store> push = system.systemActorOf(
                ConfigurationPush.create(), "configuration-push-" + UUID.randomUUID(), Props.empty());
        return Unanswered.told(
                        AskPattern.<ConfigurationPush.Store, Long>ask(
                                push,
                                replyTo -> new ConfigurationPush.Store(version, replyTo),
                                ANSWER,
                                system.scheduler()),
                        "It is not known whether this was pushed: the journal did not answer within "
                                + ANSWER.toSeconds()
                                + " s, or another push was faster. antler list shows what is in place; push again if it is not this.")
                .thenApply(number -> new PushedConfiguration(number, files.checksums()));
    }
}
