package io.antler.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import io.antler.master.HostStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Raft leader off the master's node, so that the death of the master's host costs no election. Only for
 * speed: nothing is less safe while leader and master sit together.
 */
final class RaftPlacement {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    sealed interface Command {}

    private record StatusHeard(HostStatus status) implements Command {}

    private record Look() implements Command {}

    private record Transferred(@Nullable Throwable failure) implements Command {}

    private RaftPlacement() {}

    static Behavior<Command> create(RaftGroup raft, NodeId self, List<NodeId> nodes) {
        List<NodeId> others = nodes.stream().filter(node -> !node.equals(self)).toList();
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(RaftPlacement.class);
            context.getSystem()
                    .eventStream()
                    .tell(new EventStream.Subscribe<>(
                            HostStatus.class, context.messageAdapter(HostStatus.class, StatusHeard::new)));
            timers.startTimerWithFixedDelay(new Look(), INTERVAL);
            return placing(context, raft, self, others, null, 0);
        }));
    }

    private static Behavior<Command> placing(
            ActorContext<Command> context,
            RaftGroup raft,
            NodeId self,
            List<NodeId> others,
            @Nullable NodeId master,
            int attempt) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case StatusHeard heard ->
                placing(context, raft, self, others, heard.status().master(), attempt);
            case Look _
            when self.equals(master) && raft.leader().equals(Optional.of(self)) && !others.isEmpty() -> {
                NodeId next = others.get(attempt % others.size());
                context.getLog().debug("master and Raft leader sit together, transferring the leadership to {}", next);
                context.pipeToSelf(raft.transferLeadershipTo(next), (_, failure) -> new Transferred(failure));
                yield placing(context, raft, self, others, master, attempt + 1);
            }
            case Look _ -> Behaviors.same();
            case Transferred transferred -> {
                if (transferred.failure() != null) {
                    context.getLog()
                            .debug(
                                    "Raft leadership not transferred: {}",
                                    transferred.failure().getMessage());
                }
                yield Behaviors.same();
            }
        });
    }
}
