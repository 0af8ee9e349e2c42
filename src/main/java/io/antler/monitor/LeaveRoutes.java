package io.antler.monitor;

import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.post;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.server.Route;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code POST leave} and {@code POST leave/cancel}, from this machine only. */
public final class LeaveRoutes {
    private static final String REFUSAL =
            "Not done: the request does not come from this machine. Run antler leave on one of the nodes.";

    private final Supplier<CompletionStage<String>> leave;
    private final Supplier<CompletionStage<String>> cancel;

    /** Both complete with a sentence for the operator, or fail with one that says why not and what to do. */
    public LeaveRoutes(Supplier<CompletionStage<String>> leave, Supplier<CompletionStage<String>> cancel) {
        this.leave = leave;
        this.cancel = cancel;
    }

    /** To be put below {@code /antler}. */
    public Route route() {
        return concat(path("leave", () -> asked(leave)), path(segment("leave").slash("cancel"), () -> asked(cancel)));
    }

    private static Route asked(Supplier<CompletionStage<String>> what) {
        return post(() -> Answers.fromThisMachine(REFUSAL, () -> completeWithFuture(Answers.sentence(what.get()))));
    }
}
