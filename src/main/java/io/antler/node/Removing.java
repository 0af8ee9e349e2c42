package io.antler.node;

import io.antler.journal.ChangeRefused;
import io.antler.journal.NodeId;
import io.antler.journal.OutcomeNotKnown;
import io.antler.journal.RaftGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code antler remove}. */
final class Removing {
    private static final Logger LOG = LoggerFactory.getLogger(Removing.class);

    private final RaftGroup raft;

    Removing(RaftGroup raft) {
        this.raft = raft;
    }

    CompletionStage<String> remove(String name) {
        NodeId node;
        try {
            node = new NodeId(name);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        LOG.info("node={} is to be removed", node);
        return raft.remove(node)
                .thenApply(_ -> "Removed: " + node + ". If it runs, it ends by itself within seconds. Take it out of"
                        + " antler.nodes on the others when convenient.")
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    throw switch (cause) {
                        case OutcomeNotKnown unknown ->
                            new IllegalStateException(
                                    "It is not known whether " + node + " was removed: " + unknown.getMessage()
                                            + ". Run the same command again.",
                                    unknown);
                        case ChangeRefused refused -> refused;
                        default -> new CompletionException(cause);
                    };
                });
    }
}
