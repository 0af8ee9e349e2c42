package io.antler.monitor;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.http.javadsl.server.Route;
import io.antler.master.HostStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of this node now, one per actor system: written by {@link Monitor}, read by MBean and HTTP on their own
 * threads. Akka Management makes its routes and checks by class name, so they find it here.
 */
final class Board implements Extension {
    private static final ExtensionId<Board> ID = new ExtensionId<>() {
        @Override
        public Board createExtension(ActorSystem<?> system) {
            return new Board();
        }
    };

    private volatile @Nullable HostStatus host;
    private volatile @Nullable ClusterStatus cluster;
    private volatile @Nullable Route route;
    private volatile @Nullable Route metrics;

    static Board of(ActorSystem<?> system) {
        return system.registerExtension(ID);
    }

    @Nullable
    HostStatus host() {
        return host;
    }

    @Nullable
    ClusterStatus cluster() {
        return cluster;
    }

    @Nullable
    Route route() {
        return route;
    }

    @Nullable
    Route metrics() {
        return metrics;
    }

    void serveMetrics(Route newRoute) {
        metrics = newRoute;
    }

    void show(HostStatus status) {
        host = status;
    }

    void show(ClusterStatus status) {
        cluster = status;
    }

    void serve(Route newRoute) {
        route = newRoute;
    }
}
