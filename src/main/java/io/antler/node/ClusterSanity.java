package io.antler.node;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Ends a node that sits in another Akka cluster than the Raft group's leader, as after a start during a partition. It
 * is started again and then joins the right one.
 */
final class ClusterSanity {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int PATIENCE = 20; // intervals

    sealed interface Command {}

    private record Look() implements Command {}

    /** The node ends because its cluster is not the one of the Raft group. */
    enum Reason implements CoordinatedShutdown.Reason {
        WRONG_CLUSTER
    }

    private ClusterSanity() {}

    static Behavior<Command> create(RaftGroup raft, Roster roster) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(ClusterSanity.class);
            timers.startTimerWithFixedDelay(new Look(), INTERVAL);
            return looking(context, raft, roster, 0);
        }));
    }

    private static Behavior<Command> looking(ActorContext<Command> context, RaftGroup raft, Roster roster, int apart) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Look _ -> {
                Optional<NodeId> leader = raft.leader();
                boolean together = leader.flatMap(roster::hostOf)
                        .map(host -> sees(context, host))
                        .orElse(true);
                if (!together && apart + 1 >= PATIENCE) {
                    context.getLog()
                            .warn(
                                    "this node's Akka cluster does not have the Raft leader {} in it; leaving, to be started again",
                                    leader.map(NodeId::value).orElse("?"));
                    CoordinatedShutdown.get(context.getSystem().classicSystem()).runAll(Reason.WRONG_CLUSTER);
                    yield Behaviors.stopped();
                }
                yield looking(context, raft, roster, together ? 0 : apart + 1);
            }
        });
    }

    private static boolean sees(ActorContext<Command> context, String address) {
        Iterable<Member> members = Cluster.get(context.getSystem()).state().getMembers();
        if (Cluster.get(context.getSystem()).selfMember().status() != MemberStatus.up()) {
            return true; // not in any cluster yet
        }
        return StreamSupport.stream(members.spliterator(), false)
                .anyMatch(member ->
                        member.address().getHost().filter(address::equals).isPresent());
    }
}
