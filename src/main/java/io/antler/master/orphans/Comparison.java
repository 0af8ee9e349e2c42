package io.antler.master.orphans;

import io.antler.collector.Finding;
import io.antler.collector.History;
import io.antler.collector.Merge;
import io.antler.collector.Source;
import io.antler.collector.Sources;
import io.antler.journal.Epoch;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.DurableFile;
import io.antler.moosefs.ChangelogReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the changelog files that a deposed master wrote itself with the journal, line by line, and writes a file of
 * what the journal never had. The file that fed it before ({@code changelog_ml.0.mfs}) came from the journal and is not
 * looked at. Blocks; needs little memory whatever the size.
 */
final class Comparison implements Merge.Sink, Closeable {
    private static final String OF_THE_MASTER = "changelog";
    private static final int BUFFER = 1 << 18;

    /** {@link OrphanRule#isOrphan}, but in tests of the tests. */
    interface Rule {
        boolean isOrphan(long version, String text, long oldest, @Nullable String journaled);
    }

    private final Epoch epoch;
    private final Journaled journal;
    private final long oldest;
    private final Path beside;
    private final Rule rule;
    private @Nullable Cursor cursor;
    private @Nullable OutputStream out;
    private long changes;
    private long first;
    private long last;

    private Comparison(Epoch epoch, Journaled journal, Path beside, Rule rule) throws IOException {
        this.epoch = epoch;
        this.journal = journal;
        this.oldest = oldest(journal);
        this.beside = beside;
        this.rule = rule;
    }

    /**
     * @param deposed {@code epoch-N-TIME}
     * @param epoch one whose end the journal knows: {@link OrphanRule#isSettled}
     * @param target gets the orphans, if there are any, complete and forced; replaced if an interrupted run left it
     */
    static OrphanSet run(Path deposed, Epoch epoch, Journaled journal, Path target) throws IOException {
        return run(deposed, epoch, journal, target, OrphanRule::isOrphan);
    }

    static OrphanSet run(Path deposed, Epoch epoch, Journaled journal, Path target, Rule rule) throws IOException {
        Source source = Sources.changelogs(deposed, OF_THE_MASTER);
        Path beside = DurableFile.beside(target);
        try (var comparison = new Comparison(epoch, journal, beside, rule)) {
            History history =
                    Merge.run(source.changelogs(), Optional.empty(), comparison).with(source.damaged());
            List<String> remarks = comparison.remarks(history);
            comparison.finish(target);
            return new OrphanSet(
                    deposed.getFileName().toString(),
                    epoch.value(),
                    deposed.toString(),
                    comparison.changes,
                    comparison.changes == 0 ? null : comparison.first,
                    comparison.changes == 0 ? null : comparison.last,
                    remarks,
                    Instant.now().toString(),
                    null);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static long oldest(Journaled journal) throws IOException {
        try (Stream<ChangesBatch> batches = from(journal, 0)) {
            return batches.findFirst().map(ChangesBatch::firstVersion).orElse(0L);
        }
    }

    private static Stream<ChangesBatch> from(Journaled journal, long version) throws IOException {
        try {
            return journal.from(version);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    @Override
    public void begin() throws IOException {
        close();
        changes = 0;
    }

    @Override
    public boolean change(ChangelogReader line) throws IOException {
        long version = line.version();
        if (cursor == null) {
            cursor = new Cursor(from(journal, version), epoch);
        }
        if (rule.isOrphan(version, line.change().text(), oldest, cursor.text(version))) {
            if (out == null) {
                out = new BufferedOutputStream(Files.newOutputStream(beside), BUFFER);
            }
            line.writeTo(out);
            first = changes == 0 ? version : first;
            last = version;
            changes++;
        }
        return true;
    }

    private List<String> remarks(History history) {
        long end = cursor == null ? -1 : cursor.end();
        Stream<String> found = history.findings().stream()
                .filter(finding -> OrphanRule.mayHide(finding, end))
                .map(Finding::toString);
        return history.omitted() == 0
                ? found.toList()
                : Stream.concat(found, Stream.of("and " + history.omitted() + " more, not looked at"))
                        .toList();
    }

    private void finish(Path target) throws IOException {
        close();
        if (changes > 0) {
            DurableFile.publish(beside, target);
        }
    }

    @Override
    public void close() throws IOException {
        try (Cursor _ = cursor;
                OutputStream _ = out) {
            cursor = null;
            out = null;
        }
    }
}
