package io.antler.configuration;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;

/**
 * Stores one version of the configuration, then ends. Any node may run one: of two at a time the journal refuses the second
 * event, and its actor ends without an answer.
 */
public final class ConfigurationPush
        extends EventSourcedBehavior<ConfigurationPush.Store, ConfigurationPushed, ConfigurationPush.Versions> {
    public static final String PERSISTENCE_ID = "configuration";

    /** @param replyTo hears its number, the sequence number of the event, when it is in the journal */
    public record Store(ConfigurationPushed version, ActorRef<Long> replyTo) {}

    /** State: how many there were. */
    public record Versions(long count) {}

    private ConfigurationPush() {
        super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    }

    public static Behavior<Store> create() {
        return new ConfigurationPush();
    }

    @Override
    public Versions emptyState() {
        return new Versions(0);
    }

    @Override
    public CommandHandler<Store, ConfigurationPushed, Versions> commandHandler() {
        return (_, store) -> Effect()
                .persist(store.version())
                .thenRun((Versions versions) -> store.replyTo().tell(versions.count()))
                .thenStop();
    }

    @Override
    public EventHandler<Versions, ConfigurationPushed> eventHandler() {
        return (versions, _) -> new Versions(versions.count() + 1);
    }
}
