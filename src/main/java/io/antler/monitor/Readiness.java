package io.antler.monitor;

import akka.actor.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import io.antler.master.HostStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Answers {@code GET /ready}: this node is master, or a standby that could become it. Made by Akka Management. */
public final class Readiness implements Supplier<CompletionStage<Boolean>> {
    private final Board board;

    public Readiness(ActorSystem system) {
        board = Board.of(Adapter.toTyped(system));
    }

    @Override
    public CompletionStage<Boolean> get() {
        HostStatus host = board.host();
        return CompletableFuture.completedFuture(host != null && isReady(host.role()));
    }

    private static boolean isReady(HostStatus.Role role) {
        return switch (role) {
            case MASTER, STANDBY -> true;
            case STARTING, WITNESS, METALOGGER, DOWN -> false;
        };
    }
}
