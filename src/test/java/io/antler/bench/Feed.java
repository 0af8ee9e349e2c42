package io.antler.bench;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.persistence.query.PersistenceQuery;
import io.antler.journal.RaftReadJournal;
import io.antler.metalogger.Changes;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.ChangesWriter;
import io.antler.moosefs.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Changelog lines into the journal, as the metalogger's pump writes them, and out of it, as a standby reads them. */
final class Feed {
    /** As {@code antler.metalogger.batch-changes} and {@code -bytes} have it. */
    private static final int BATCH_CHANGES = 5000;

    private static final int BATCH_BYTES = 1 << 20;
    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(7);
    private static final double NANOS_OF_SECOND = 1e9;

    private final ActorSystem<?> system;

    Feed(ActorSystem<?> system) {
        this.system = system;
    }

    /** One batch after the other, each collected while nothing is under way, as when a master has always more to say. */
    String write(ActorRef<ChangesWriter.Command> writer, long firstVersion, Duration length)
            throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        long end = start + length.toNanos();
        long next = firstVersion;
        long batches = 0;
        long bytes = 0;
        while (System.nanoTime() - end < 0) {
            List<Change> batch = batch(next);
            next = AskPattern.<ChangesWriter.Command, Long>askWithStatus(
                            writer,
                            replyTo -> new ChangesWriter.Append(batch, replyTo),
                            APPEND_TIMEOUT,
                            system.scheduler())
                    .toCompletableFuture()
                    .get();
            bytes += batch.stream().mapToLong(change -> change.text().length()).sum();
            batches++;
        }
        long lines = next - firstVersion;
        return "lines=%d batches=%d bytes=%d rate=%.0f"
                .formatted(lines, batches, bytes, lines * NANOS_OF_SECOND / (System.nanoTime() - start));
    }

    private static List<Change> batch(long first) {
        var changes = new ArrayList<Change>();
        int bytes = 0;
        for (long version = first; changes.size() < BATCH_CHANGES && bytes < BATCH_BYTES; version++) {
            String text = text(version);
            changes.add(new Change(version, text));
            bytes += text.length();
        }
        return changes;
    }

    /** What a master says when files are made, written and closed. */
    private static String text(long version) {
        long time = 1_700_000_000 + version / 1000;
        long inode = 1000 + version / 4;
        return switch ((int) (version % 4)) {
            case 0 ->
                time + "|CREATE(" + (inode % 500) + ",file%20number%20" + inode + ".dat,f,420,18,1000,1000,0):" + inode;
            case 1 -> time + "|ACQUIRE(17," + inode + ")";
            case 2 -> time + "|WRITE(" + inode + ",0,1,0):" + (0x1000000 + inode);
            default -> time + "|LENGTH(" + inode + "," + (inode * 37 % 67_108_864) + ",0)";
        };
    }

    /** All that is there, with each change looked at. */
    String read() throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        long lines = PersistenceQuery.get(system)
                .getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER)
                .currentEventsByPersistenceId(Changes.PERSISTENCE_ID, 1, Long.MAX_VALUE)
                .runFold(0L, (next, envelope) -> follow(next, (ChangesBatch) envelope.event()), system)
                .toCompletableFuture()
                .get();
        return "lines=%d rate=%.0f".formatted(lines, lines * NANOS_OF_SECOND / (System.nanoTime() - start));
    }

    private static long follow(long next, ChangesBatch batch) {
        long expected = next;
        for (Change change : batch.changes()) {
            if (change.version() != expected++ || change.text().isEmpty()) {
                throw new IllegalStateException("change " + change + " where " + next + " is next");
            }
        }
        return expected;
    }
}
