package io.antler.monitor;

import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.post;

import akka.http.javadsl.server.Route;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code POST config}, from this machine only: its configuration of the master is to be that of all nodes. */
public final class ConfigurationRoutes {
    private static final String REFUSAL =
            "Not pushing: the request does not come from this machine. Run antler config push"
                    + " on the node that has the files.";

    private final Supplier<CompletionStage<String>> push;

    /** @param push completes with a sentence for the operator, or fails with one that says why not and what to do */
    public ConfigurationRoutes(Supplier<CompletionStage<String>> push) {
        this.push = push;
    }

    /** To be put below {@code /antler}. */
    public Route route() {
        return path(
                "config",
                () -> post(() ->
                        Answers.fromThisMachine(REFUSAL, () -> completeWithFuture(Answers.sentence(push.get())))));
    }
}
