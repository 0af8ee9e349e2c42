package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.extractRequestContext;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;

/** Puts {@link HttpApi} under {@code /antler} of Akka Management's server. Made by Akka Management. */
public final class ManagementRoutes implements ManagementRouteProvider {
    private final Board board;

    public ManagementRoutes(ExtendedActorSystem system) {
        board = Board.of(Adapter.toTyped(system));
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return pathPrefix("antler", () -> extractRequestContext(_ -> current()));
    }

    /** The server listens before the node is complete: it answers the bootstrap of the others. */
    private Route current() {
        Route route = board.route();
        return route != null ? route : complete(StatusCodes.SERVICE_UNAVAILABLE, "The node is starting. Ask again.\n");
    }
}
