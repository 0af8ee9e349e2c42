package io.antler.node;

import akka.actor.ActorSystem;
import akka.management.cluster.bootstrap.ClusterBootstrapSettings;
import akka.management.cluster.bootstrap.JoinDecider;
import akka.management.cluster.bootstrap.JoinDecision;
import akka.management.cluster.bootstrap.JoinOtherSeedNodes;
import akka.management.cluster.bootstrap.JoinSelf;
import akka.management.cluster.bootstrap.KeepProbing;
import akka.management.cluster.bootstrap.SeedNodesInformation;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftSetup;
import java.util.concurrent.CompletionStage;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Joins a cluster that exists; starts a new one only on the Raft group's confirmed leader, so there can be one only.
 * Loaded by Akka Management's bootstrap through {@code akka.management.cluster.bootstrap.join-decider.class}.
 */
public final class RaftLeaderJoinDecider implements JoinDecider {
    private final RaftGroup raft;

    public RaftLeaderJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        this.raft = RaftSetup.groupOf(system);
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation found) {
        if (found.hasSeedNodes()) {
            return new JoinOtherSeedNodes(found.getAllSeedNodes()).asCompletedFuture();
        }
        CompletionStage<JoinDecision> decision = raft.confirmedLeader()
                .handle((confirmed, failure) ->
                        failure == null && confirmed ? JoinSelf.getInstance() : KeepProbing.getInstance());
        return FutureConverters.asScala(decision);
    }
}
