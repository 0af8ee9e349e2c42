package io.antler.metalogger.alone;

import io.antler.metalogger.ChangeStream;
import io.antler.metalogger.ImageDownload;
import io.antler.metalogger.MasterFiles;
import io.antler.metalogger.Metalogger;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.NotResumable;
import io.antler.metalogger.Portion;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.HistoryConflict;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Gap;
import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MasterProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets from a master's files what it does not have in memory any more: everything up to the beginning of a stream that goes on
 * from there. What the archive has already is compared.
 *
 * @param target with the id of the archive, if that has one
 */
record Refill(
        Metalogger.Target target, MetaloggerSettings settings, Archive archive, Elsewhere elsewhere, Alarms alarms) {
    private static final Logger LOG = LoggerFactory.getLogger(Refill.class);

    private static final String BEGINNING = "beginning";

    private interface Beginning {
        void get(MasterFiles files) throws IOException;
    }

    /**
     * By the changelog files alone.
     *
     * @return a stream from the archive's next version on
     * @throws NotResumable if they do not reach back
     * @throws HistoryConflict if they have another history
     */
    ChangeStream withoutImage() throws IOException {
        return upToStream(MasterFiles::image);
    }

    /** As before, after storing the master's image if the archive has no image or ends before it. */
    ChangeStream withImage() throws IOException {
        return upToStream(files -> install(files, "nothing is missing before it"));
    }

    /** As the first, after looking elsewhere for what the master does not have any more; if that is not enough, as the second. */
    ChangeStream withWhatOthersHave() throws IOException {
        long present = MasterProbe.ask(target.clients(), settings.timeout()).metadataVersion();
        String sentence = new Gap(archive, elsewhere, settings).close(target.id(), present);
        try {
            return withoutImage();
        } catch (NotResumable gone) {
            LOG.info("version={} {}", archive.next(), gone.getMessage());
            return upToStream(files -> install(files, sentence));
        }
    }

    private ChangeStream upToStream(Beginning beginning) throws IOException {
        long present = MasterProbe.ask(target.clients(), settings.timeout()).metadataVersion();
        ChangeStream stream = ChangeStream.open(target, present, settings);
        try (MasterFiles files = MasterFiles.open(target.changes(), settings.timeout())) {
            beginning.get(files);
            fill(files.previousChanges(), present);
            fill(files.currentChanges(), present);
            check(present);
            return stream;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private void check(long present) throws IOException {
        long next = archive.next();
        if (next < present) {
            throw new NotResumable(
                    "the master's changelog files end at version " + next + " so far, it is at " + present);
        }
        if (next > present) {
            throw new HistoryConflict(
                    present,
                    "version=" + present + " the master has no more changes than this, stored are those up to "
                            + (next - 1));
        }
    }

    /** @param looked where was looked for what is missing before it */
    private void install(MasterFiles files, String looked) throws IOException {
        ImageHeader header = ImageDownload.fetch(files, archive.incoming(BEGINNING));
        long next = archive.next();
        if (header.version() < next) {
            Files.delete(archive.incoming(BEGINNING)); // what follows it is here, or the master's files have it
            return;
        }
        archive.install(archive.incoming(BEGINNING), target.id());
        LOG.info("version={} image of the master stored", header.version());
        if (next >= 0 && header.version() > next) {
            alarms.raise(
                    Alarms.Kind.HOLE,
                    "version=" + next + " changes from " + next + " to " + (header.version() - 1)
                            + " were missed while the master was not followed, and the master does not have them any"
                            + " more. The image behind them is stored, so the newest state can be restored, but no state"
                            + " between. Others: " + looked + ". The master's old changelog files may have them");
        }
    }

    /** Stores the lines from where they can be compared up to {@code present}. */
    private void fill(MasterFiles.RemoteFile file, long present) throws IOException {
        long from = archive.comparableFrom();
        var portion = new Portion(settings);
        try (ChangelogReader lines =
                ChangelogReader.of(file.from(file.offsetOf(from)), file.name() + " of the master")) {
            while (lines.next() && lines.version() < present) {
                if (lines.version() < from) {
                    continue;
                }
                if (portion.add(lines.change())) {
                    archive.append(portion.take());
                }
            }
            archive.append(portion.take());
        } catch (BadChangelog damage) {
            throw new NotResumable(String.valueOf(damage.getMessage()));
        }
    }

    /**
     * For a master that is behind every image of the archive: all that is stored is put aside, and its image is the new beginning.
     *
     * @return where it is now
     */
    Path startOver() throws IOException {
        try (MasterFiles files = MasterFiles.open(target.changes(), settings.timeout())) {
            ImageDownload.fetch(files, archive.incoming(BEGINNING));
        }
        return archive.startOver(archive.incoming(BEGINNING), target.id());
    }
}
