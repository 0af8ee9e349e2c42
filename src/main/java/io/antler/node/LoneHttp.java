package io.antler.node;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.http.javadsl.Http;
import akka.http.javadsl.server.Route;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.monitor.MetaloggerApi;
import io.antler.monitor.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP of a metalogger without a cluster: status and metrics. Nothing if it has no port. */
final class LoneHttp implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(5);

    private final @Nullable ActorSystem<Void> system;
    private final Metrics metrics;

    private LoneHttp(@Nullable ActorSystem<Void> system, Metrics metrics) {
        this.system = system;
        this.metrics = metrics;
    }

    /**
     * @param more what else is answered below {@code /antler}
     * @throws PremisesUnusable if the port cannot be used
     */
    static LoneHttp open(LoneSettings.HttpPort at, MetaloggerApi api, Route... more) {
        Integer port = at.port();
        if (port == null) {
            return new LoneHttp(null, new Metrics());
        }
        var metrics = new Metrics();
        api.observe(metrics.registry());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "antler", config());
        var http = new LoneHttp(system, metrics);
        try {
            Http.get(system)
                    .newServerAt(at.address(), port)
                    .bind(api.alone(metrics, more))
                    .toCompletableFuture()
                    .join();
            return http;
        } catch (CompletionException failure) {
            http.close();
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new PremisesUnusable("antler.metalogger.alone.http: " + at.address() + ":" + port
                    + " cannot be listened on: " + cause.getMessage() + ". Set another port, or none (null)");
        }
    }

    private static Config config() {
        return ConfigFactory.parseMap(Map.of(
                        "akka.loggers", List.of("akka.event.slf4j.Slf4jLogger"),
                        "akka.logging-filter", "akka.event.slf4j.Slf4jLoggingFilter",
                        "akka.jvm-shutdown-hooks", false,
                        "akka.coordinated-shutdown.run-by-jvm-shutdown-hook", false,
                        "akka.coordinated-shutdown.exit-jvm", false))
                .withFallback(ConfigFactory.load());
    }

    @Override
    public void close() {
        if (system != null) {
            system.terminate();
            system.getWhenTerminated()
                    .toCompletableFuture()
                    .completeOnTimeout(Done.getInstance(), STOP.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        metrics.close();
    }
}
