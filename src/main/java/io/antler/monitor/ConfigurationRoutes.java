package io.antler.monitor;

import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.post;

import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code POST config}, from this machine only: its configuration of the master is to be that of all nodes. */
public final class ConfigurationRoutes {
    private static final String REFUSAL =
            "Not pushing: the request does not come from this machine. Run antler config push"
                    + " on the node that has the files.";

    private final Supplier<CompletionStage<PushedConfiguration>> push;

    /** @param push fails with a sentence that says why not and what to do */
    public ConfigurationRoutes(Supplier<CompletionStage<PushedConfiguration>> push) {
        this.push = push;
    }

    /** To be put below {@code /antler}. */
    public Route route() {
        return path(
                "config",
                () -> post(() -> Answers.fromThisMachine(
                        REFUSAL,
                        () -> completeWithFuture(Answers.answer(
                                push.get(), pushed -> Answers.json(pushed.toJson()), StatusCodes.CONFLICT)))));
    }
}
