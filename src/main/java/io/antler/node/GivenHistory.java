package io.antler.node;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.antler.collector.NodeListing;
import io.antler.journal.RaftReadJournal;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.Checkpoints;
import io.antler.monitor.HistoryRoutes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this node gives to whoever restores: its replica of the journal, its checkpoints, and directories of its machine. */
final class GivenHistory {
    private GivenHistory() {}

    /** @param checkpoints null for a node that keeps none */
    static HistoryRoutes of(ActorSystem<?> system, @Nullable Checkpoints checkpoints, List<Path> directories) {
        var readJournal =
                PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
        return new HistoryRoutes(
                () -> checkpoints == null ? List.of() : listed(checkpoints),
                directories,
                Optional.of(version -> lines(readJournal, version)),
                system.dispatchers().lookup(DispatcherSelector.fromConfig("antler.blocking-dispatcher")));
    }

    private static List<NodeListing.Checkpoint> listed(Checkpoints checkpoints) {
        return checkpoints.all().stream()
                .map(checkpoint -> new NodeListing.Checkpoint(
                        checkpoint.version(), checkpoint.id().toString()))
                .toList();
    }

    private static Source<ByteString, NotUsed> lines(RaftReadJournal readJournal, long version) {
        return readJournal
                .currentEventsByPersistenceId(Changes.PERSISTENCE_ID, 1, Long.MAX_VALUE)
                .map(envelope -> (ChangesBatch) envelope.event())
                .filter(batch -> batch.nextVersion() > version)
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
