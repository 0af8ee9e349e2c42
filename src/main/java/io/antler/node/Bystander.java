package io.antler.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import io.antler.master.Mandate;
import io.antler.master.MasterHost;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * In the place of the {@link MasterHost}: tells Leadership that a node is there which never becomes master, and how far its
 * replica of the journal is.
 */
final class Bystander extends AbstractOnMessageBehavior<Bystander.Command> {
    private static final Duration LOOK = Duration.ofSeconds(1);

    sealed interface Command {}

    private record Report() implements Command {}

    private record Look() implements Command {}

    private record Looked(
            @Nullable Long journaled, @Nullable Throwable failure) implements Command {}

    private record MandateReceived(Mandate mandate) implements Command {}

    private final ActorContext<Command> context;
    private final NodeId self;
    private final Phase phase;
    private final Supplier<CompletionStage<Long>> replica;
    private final MasterHost.Reporter leadership;
    private final Consumer<Mandate> listener;
    private final ActorRef<Mandate> mandates;
    private long journaled = HostStatus.UNKNOWN;
    private @Nullable Mandate known;

    private Bystander(
            ActorContext<Command> context,
            NodeId self,
            Phase phase,
            Supplier<CompletionStage<Long>> replica,
            MasterHost.Reporter leadership,
            Consumer<Mandate> listener) {
        super(context);
        this.context = context;
        context.setLoggerName(Bystander.class);
        this.self = self;
        this.phase = phase;
        this.replica = replica;
        this.leadership = leadership;
        this.listener = listener;
        this.mandates = context.messageAdapter(Mandate.class, MandateReceived::new);
    }

    /**
     * @param replica gives the metadata version after the last change in this node's replica; -1: there is none
     * @param listener told each mandate that holds; must not block
     */
    static Behavior<Command> create(
            NodeId self,
            NodeKind kind,
            Duration interval,
            Supplier<CompletionStage<Long>> replica,
            MasterHost.Reporter leadership,
            Consumer<Mandate> listener) {
        Phase phase = kind == NodeKind.WITNESS ? Phase.WITNESS : Phase.METALOGGER;
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(new Report(), interval);
            timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, LOOK);
            return new Bystander(context, self, phase, replica, leadership, listener);
        }));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Report _ -> report();
            case Look _ -> context.pipeToSelf(replica.get(), Looked::new);
            case Looked looked -> looked(looked);
            case MandateReceived received -> {
                Mandate mandate = received.mandate();
                if (known == null || mandate.epoch().compareTo(known.epoch()) >= 0) { // else overtaken on the way
                    known = mandate;
                    listener.accept(mandate);
                }
            }
        }
        return this;
    }

    private void looked(Looked looked) {
        if (looked.journaled() == null) {
            context.getLog()
                    .debug("version of the journal not read, trying again: {}", String.valueOf(looked.failure()));
        } else {
            journaled = looked.journaled();
        }
    }

    private void report() {
        Mandate mandate = known;
        long reached = mandate == null ? journaled : Math.max(journaled, mandate.checkpointVersion());
        var standing = new Standing(self, phase, Epoch.NONE, HostStatus.UNKNOWN, reached, false, null);
        leadership.report(standing, mandates);
        context.getSystem().eventStream().tell(new EventStream.Publish<>(status(standing, mandate)));
    }

    private static HostStatus status(Standing standing, @Nullable Mandate known) {
        HostStatus alone = HostStatus.of(standing, Epoch.NONE);
        return known == null
                ? alone
                : new HostStatus(
                        alone.node(),
                        alone.role(),
                        null,
                        known.epoch(),
                        alone.journaled(),
                        alone.replayed(),
                        known.master(),
                        false,
                        known.metadataId(),
                        null);
    }
}
