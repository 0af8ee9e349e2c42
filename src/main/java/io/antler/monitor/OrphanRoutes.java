package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.getFromFile;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.post;
import static akka.http.javadsl.server.Directives.withoutRequestTimeout;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import io.antler.master.orphans.OrphanSet;
import io.antler.master.orphans.Orphans;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What {@code antler orphans} asks of a node: {@code GET orphans}, {@code GET orphans/ID/changes}, and, from this machine
 * only, {@code POST orphans/ID/dismiss}.
 */
public final class OrphanRoutes {
    private static final String REFUSAL =
            "Not dismissed: the request does not come from this machine. Run antler orphans"
                    + " dismiss on the node that has them: antler orphans list names it.";

    private final Orphans orphans;
    private final Executor blocking;

    /** @param blocking for writing that something was dismissed */
    public OrphanRoutes(Orphans orphans, Executor blocking) {
        this.orphans = orphans;
        this.blocking = blocking;
    }

    /** Puts its figure there. */
    public void observe(MeterRegistry registry) {
        Gauge.builder("antler.orphans.changes", orphans, Orphans::count)
                .description("Changes of deposed masters that the journal never had, not dismissed yet")
                .register(registry);
    }

    /** To be put below {@code /antler}. */
    public Route route() {
        return concat(
                path("orphans", () -> get(() -> complete(listing()))),
                path(
                        segment("orphans").slash(segment()).slash("changes"),
                        id -> get(() -> withoutRequestTimeout(() -> changes(id)))),
                path(
                        segment("orphans").slash(segment()).slash("dismiss"),
                        id -> post(() -> Answers.fromThisMachine(REFUSAL, () -> completeWithFuture(dismiss(id))))));
    }

    private HttpResponse listing() {
        return Answers.json(OrphanSet.listToJson(orphans.all()));
    }

    private Route changes(String id) {
        return orphans.changes(id)
                .map(file -> getFromFile(file.toFile(), ContentTypes.APPLICATION_OCTET_STREAM))
                .orElseGet(() -> complete(none(id)));
    }

    private static HttpResponse none(String id) {
        return Answers.text(StatusCodes.NOT_FOUND, "There are no orphans " + id + " here.");
    }

    private CompletionStage<HttpResponse> dismiss(String id) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return orphans.dismiss(id)
                                .map(set -> Answers.text(
                                        StatusCodes.OK,
                                        "Dismissed: " + id + ", " + set.counted() + ". Its files stay where they are."))
                                .orElseGet(() -> none(id));
                    } catch (IOException failure) {
                        return Answers.text(
                                StatusCodes.CONFLICT,
                                "Not dismissed, it could not be written: " + failure + ". Check the disk.");
                    }
                },
                blocking);
    }
}
