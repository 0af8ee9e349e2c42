package io.antler.metalogger.keeping;

import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.Portion;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.HistoryConflict;
import io.antler.moosefs.ChangelogReader;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a hole after the last change of an archive with what other places have: only with changes that follow it without a
 * hole, from a place that has the archive's last changes with the same text. Blocks.
 */
public record Gap(Archive archive, Elsewhere elsewhere, MetaloggerSettings settings) {
    private static final Logger LOG = LoggerFactory.getLogger(Gap.class);
    private static final String FOUND = "found";
    private static final int COMPARED = 100;

    /**
     * @param until version of the first change that is to be had from whom the archive follows
     * @return what was done and where was looked, for people
     * @throws IOException if it cannot be stored
     */
    public String close(MetadataId id, long until) throws IOException {
        long next = archive.next();
        long from = Math.max(archive.comparableFrom(), next - COMPARED);
        Path found = archive.incoming(FOUND);
        try {
            Elsewhere.Found answer = elsewhere.look(id, from, until, found);
            String done = store(answer, from, next, found);
            String sentence = done + ". Looked at: " + String.join("; ", answer.told());
            LOG.info("version={} {}", archive.next(), sentence);
            return sentence;
        } finally {
            Files.deleteIfExists(found);
        }
    }

    private String store(Elsewhere.Found answer, long from, long next, Path found) throws IOException {
        if (answer.next() <= next) {
            return "none of the changes from " + next + " on was found elsewhere";
        }
        if (answer.first() > Math.max(from, next - 1)) {
            return "changes from " + answer.first() + " to " + (answer.next() - 1)
                    + " were found elsewhere and not used: what is between " + next
                    + " and them, or our last change to compare, was not";
        }
        try {
            append(found);
        } catch (HistoryConflict conflict) {
            return "what was found elsewhere is of another history and not used: " + conflict.getMessage();
        }
        return "changes from " + next + " to " + (archive.next() - 1) + " were found elsewhere and stored";
    }

    private void append(Path found) throws IOException {
        var portion = new Portion(settings);
        try (ChangelogReader lines = ChangelogReader.open(found)) {
            while (lines.next()) {
                if (portion.add(lines.change())) {
                    archive.append(portion.take());
                }
            }
        }
        archive.append(portion.take());
    }
}
