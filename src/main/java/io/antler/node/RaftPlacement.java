package io.antler.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import io.antler.master.HostStatus;
import io.antler.master.HostStatus.Role;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings Raft's leadership to this node while its {@code mfsmaster} serves: an append then takes one round trip. Only for
 * speed: nothing is less safe while leader and master sit apart.
 */
final class RaftPlacement {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** After an attempt. Whoever moved leadership elsewhere meanwhile had a reason; do not fight over it. */
    private static final Duration REST = Duration.ofSeconds(10);

    sealed interface Command {}

    private record StatusHeard(HostStatus status) implements Command {}

    private record Look() implements Command {}

    private record Asked(@Nullable Throwable failure) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final RaftGroup raft;
    private final NodeId self;

    private RaftPlacement(ActorContext<Command> context, TimerScheduler<Command> timers, RaftGroup raft, NodeId self) {
        this.context = context;
        this.timers = timers;
        this.raft = raft;
        this.self = self;
    }

    static Behavior<Command> create(RaftGroup raft, NodeId self) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(RaftPlacement.class);
            context.getSystem()
                    .eventStream()
                    .tell(new EventStream.Subscribe<>(
                            HostStatus.class, context.messageAdapter(HostStatus.class, StatusHeard::new)));
            return new RaftPlacement(context, timers, raft, self).elsewhere();
        }));
    }

    /** The master, if there is one, is on another node. */
    private Behavior<Command> elsewhere() {
        timers.cancel(Look.class);
        return Behaviors.receiveMessage(command -> switch (command) {
            case StatusHeard(HostStatus status) when serves(status) -> here();
            case StatusHeard _, Look _, Asked _ -> Behaviors.same();
        });
    }

    private Behavior<Command> here() {
        lookAfter(INTERVAL);
        return Behaviors.receiveMessage(command -> switch (command) {
            case StatusHeard(HostStatus status) when status.node().equals(self) && !serves(status) -> elsewhere();
            case StatusHeard _ -> Behaviors.same();
            case Look _ -> look();
            case Asked(@Nullable Throwable failure) -> asked(failure);
        });
    }

    private boolean serves(HostStatus status) {
        return status.node().equals(self) && status.role() == Role.MASTER;
    }

    private void lookAfter(Duration delay) {
        timers.startSingleTimer(Look.class, new Look(), delay);
    }

    private Behavior<Command> look() {
        Optional<NodeId> leader = raft.leader();
        if (leader.isEmpty() || leader.get().equals(self) || !raft.isFitToLead()) {
            lookAfter(INTERVAL);
        } else {
            context.getLog().debug("the master serves here, asking {} for the Raft leadership", leader.get());
            context.pipeToSelf(raft.transferLeadershipTo(self), (_, failure) -> new Asked(failure));
        }
        return Behaviors.same();
    }

    private Behavior<Command> asked(@Nullable Throwable failure) {
        if (failure != null) {
            context.getLog().debug("Raft leadership not transferred: {}", failure.getMessage());
        }
        lookAfter(REST);
        return Behaviors.same();
    }
}
