package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.extractRequestContext;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import org.jspecify.annotations.Nullable;

/** Puts {@link HttpApi} under {@code /antler} of Akka Management's server, and {@link Metrics} beside it. Made by Akka Management. */
public final class ManagementRoutes implements ManagementRouteProvider {
    private final Board board;

    public ManagementRoutes(ExtendedActorSystem system) {
        board = Board.of(Adapter.toTyped(system));
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return concat(
                pathPrefix("antler", () -> extractRequestContext(_ -> current(board.route()))),
                path("metrics", () -> extractRequestContext(_ -> current(board.metrics()))));
    }

    /** The server listens before the node is complete: it answers the bootstrap of the others. */
    private static Route current(@Nullable Route route) {
        return route != null ? route : complete(StatusCodes.SERVICE_UNAVAILABLE, "The node is starting. Ask again.\n");
    }
}
