package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StoredImage;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Progress;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** What a metalogger tells of itself: {@code GET /antler/metalogger}, and its figures among the metrics. */
public final class MetaloggerApi {
    private final String from;
    private final String directory;
    private final MetaloggerStatus.Source source;
    private final InstantSource clock;

    /**
     * @param from what is followed
     * @param directory as the operator named it
     */
    public MetaloggerApi(String from, String directory, MetaloggerStatus.Source source, InstantSource clock) {
        this.from = from;
        this.directory = directory;
        this.source = source;
        this.clock = clock;
    }

    /** Below {@code /antler}. */
    public Route route() {
        return path("metalogger", () -> get(() -> complete(answer())));
    }

    private HttpResponse answer() {
        try {
            return Answers.json(MetaloggerStatus.of(from, directory, source).toJson());
        } catch (IOException e) {
            return Answers.text(StatusCodes.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** For a metalogger without a cluster: all that it answers. */
    public Route alone(Metrics metrics, Route... more) {
        return concat(pathPrefix("antler", () -> concat(route(), more)), path("metrics", metrics::route));
    }

    /** Puts its figures there. */
    public void observe(MeterRegistry registry) {
        gauge(
                registry,
                "antler.metalogger.following",
                "1 while every change is stored as it comes, else 0",
                () -> source.changes().progress().state() == Progress.State.FOLLOWING ? 1 : 0);
        gauge(
                registry,
                "antler.metalogger.next.version",
                "Version of the first change that is not stored; -1 without an image",
                () -> source.changes().progress().next());
        FunctionCounter.builder("antler.metalogger.changes", this, _ -> source.changes()
                        .progress()
                        .changes())
                .description("Changes stored since the start of the process")
                .register(registry);
        gauge(
                registry,
                "antler.metalogger.image.version",
                "Version of the newest image; -1 without one",
                () -> newest().map(StoredImage::version).orElse(-1L));
        gauge(
                registry,
                "antler.metalogger.image.age.seconds",
                "Since the newest image was stored; -1 without one",
                () -> newest().map(image ->
                                Duration.between(image.time(), clock.instant()).toSeconds())
                        .orElse(-1L));
        for (Alarms.Kind kind : Alarms.Kind.values()) {
            Gauge.builder("antler.metalogger.alarm", () -> has(kind) ? 1 : 0)
                    .description("1 while the alarm is raised, else 0")
                    .tag("kind", kind.word())
                    .register(registry);
        }
    }

    private static void gauge(MeterRegistry registry, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private Optional<StoredImage> newest() {
        Archive archive = source.changes().archive();
        return archive == null ? Optional.empty() : archive.newestImage();
    }

    private boolean has(Alarms.Kind kind) {
        return source.alarms().has(kind);
    }
}
