package io.antler.monitor;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.getFromFile;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.post;
import static akka.http.javadsl.server.Directives.withoutRequestTimeout;
import static akka.http.javadsl.server.PathMatchers.longSegment;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What a node answers under {@code /antler} on its HTTP port: {@code GET cluster}, {@code POST adopt},
 * {@code POST remove/NODE}, {@code GET checkpoint/VERSION}, and what the {@code ...Routes} have. No authentication: the port is for the cluster's own network.
 */
public final class HttpApi {
    private static final String NOT_ADOPTING =
            "Not adopting: the request does not come from this machine. Run antler adopt on the node that has the metadata.";
    private static final String NOT_REMOVING =
            "Not removing: the request does not come from this machine. Run antler remove on one of the nodes.";

    private final Supplier<CompletionStage<ClusterStatus>> cluster;
    private final Supplier<CompletionStage<String>> adopt;
    private final Function<String, CompletionStage<String>> remove;
    private final LongFunction<Optional<Path>> checkpoint;

    /**
     * @param adopt completes with a sentence for the operator, or fails with one that says why not and what to do
     * @param remove the same for the removal of the node with that id
     * @param checkpoint the file of an image of exactly this version, if this node has it; must not block
     */
    public HttpApi(
            Supplier<CompletionStage<ClusterStatus>> cluster,
            Supplier<CompletionStage<String>> adopt,
            Function<String, CompletionStage<String>> remove,
            LongFunction<Optional<Path>> checkpoint) {
        this.cluster = cluster;
        this.adopt = adopt;
        this.remove = remove;
        this.checkpoint = checkpoint;
    }

    /**
     * Settings with which Akka Management serves this API, {@code /health} and {@code /ready}. To be put over the node's
     * configuration before the actor system is made.
     */
    public static Config settings(String address, int port) {
        return ConfigFactory.parseMap(
                Map.ofEntries(
                        Map.entry("akka.management.http.hostname", address),
                        Map.entry("akka.management.http.port", port),
                        Map.entry("akka.management.http.bind-hostname", address),
                        Map.entry("akka.management.http.bind-port", port),
                        Map.entry("akka.management.http.route-providers-read-only", true),
                        Map.entry("akka.management.http.routes.antler", ManagementRoutes.class.getName()),
                        Map.entry("akka.management.health-checks.liveness-path", "health"),
                        Map.entry("akka.management.health-checks.readiness-path", "ready"),
                        Map.entry("akka.management.health-checks.readiness-checks.antler", Readiness.class.getName()),
                        Map.entry("akka.http.server.remote-address-attribute", true),
                        Map.entry(
                                "akka.http.server.idle-timeout",
                                "10 minutes")), // an adoption says nothing until it is done
                "HTTP API");
    }

    /**
     * From now on Akka Management's server answers with this. Before or after its start.
     *
     * @param more what else this node answers below {@code /antler}
     */
    public void install(ActorSystem<?> system, Route... more) {
        Board.of(system).serve(concat(route(), more));
    }

    public Route route() {
        return concat(
                path("cluster", () -> get(() -> completeWithFuture(clusterAnswer()))),
                path(
                        "adopt",
                        () -> post(() -> withoutRequestTimeout(() -> Answers.fromThisMachine(
                                NOT_ADOPTING, () -> completeWithFuture(Answers.sentence(adopt.get())))))),
                path(
                        segment("remove").slash(segment()),
                        node -> post(() -> Answers.fromThisMachine(
                                NOT_REMOVING, () -> completeWithFuture(Answers.sentence(remove.apply(node)))))),
                path(segment("checkpoint").slash(longSegment()), version -> get(() -> checkpointRoute(version))));
    }

    private CompletionStage<HttpResponse> clusterAnswer() {
        return Answers.answer(cluster.get(), status -> Answers.json(status.toJson()), StatusCodes.SERVICE_UNAVAILABLE);
    }

    private Route checkpointRoute(long version) {
        return checkpoint
                .apply(version)
                .map(file -> getFromFile(file.toFile(), ContentTypes.APPLICATION_OCTET_STREAM))
                .orElseGet(() -> complete(StatusCodes.NOT_FOUND, "No checkpoint of version " + version + " here.\n"));
    }
}
