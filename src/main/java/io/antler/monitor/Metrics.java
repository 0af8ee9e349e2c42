package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.get;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Everything that is measured on this node, the JVM included, for {@code GET /metrics}. Older than the actor system. */
public final class Metrics implements AutoCloseable {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public Metrics() {
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        collections)
                .forEach(binder -> binder.bindTo(registry));
    }

    /** Where lower packages put their own. */
    public MeterRegistry registry() {
        return registry;
    }

    /** In Prometheus' text format. */
    String text() {
        return registry.scrape(CONTENT_TYPE);
    }

    /** From now on Akka Management's server answers {@code GET /metrics}. */
    public void install(ActorSystem<?> system) {
        Board.of(system).serveMetrics(route());
    }

    Route route() {
        var type = MediaTypes.TEXT_PLAIN.toContentType(akka.http.javadsl.model.HttpCharsets.UTF_8);
        return get(() -> complete(
                HttpResponse.create().withEntity(HttpEntities.create(type, text().getBytes(StandardCharsets.UTF_8)))));
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
