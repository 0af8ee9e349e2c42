package io.antler.node;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.antler.collector.NodeListing;
import io.antler.journal.RaftGroup;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.Checkpoints;
import io.antler.metalogger.learner.ChangesSource;
import io.antler.monitor.HistoryRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What this node gives to whoever restores: its replica of the journal, its checkpoints, and directories of its machine. */
final class GivenHistory {
    private GivenHistory() {}

    /** @param checkpoints null for a node that keeps none */
    static HistoryRoutes of(
            RaftGroup raft, ActorSystem<?> system, @Nullable Checkpoints checkpoints, List<Path> directories) {
        var changes = ChangesSource.of(raft, system);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig("antler.blocking-dispatcher"));
        return new HistoryRoutes(
                () -> checkpoints == null ? List.of() : listed(checkpoints),
                directories,
                Optional.of(version -> lines(changes, version, blocking)),
                blocking);
    }

    private static List<NodeListing.Checkpoint> listed(Checkpoints checkpoints) {
        return checkpoints.all().stream()
                .map(checkpoint -> new NodeListing.Checkpoint(
                        checkpoint.version(), checkpoint.id().toString()))
                .toList();
    }

    /** @param blocking where the journal is bisected */
    static Source<ByteString, NotUsed> lines(ChangesSource changes, long version, Executor blocking) {
        return Source.lazyCompletionStageSource(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return changes.current(version);
                            } catch (IOException | InterruptedException failure) {
                                throw new CompletionException(failure);
                            }
                        },
                        blocking))
                .mapMaterializedValue(_ -> NotUsed.getInstance())
                .map(batch -> lines(batch, version));
    }

    private static ByteString lines(ChangesBatch batch, long version) {
        var lines = new StringBuilder();
        batch.changes().stream()
                .filter(change -> change.version() >= version)
                .forEach(change -> lines.append(change.line()).append('\n'));
        return ByteString.fromString(lines.toString(), StandardCharsets.ISO_8859_1);
    }
}
