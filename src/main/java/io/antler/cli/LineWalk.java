package io.antler.cli;

import io.antler.collector.Piece;
import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.PrintWriter;

/** Goes through all lines of changelog files, one file after the other. What cannot be read is told, and left out. */
final class LineWalk {
    private static final int TOLD_EVERY = 1 << 14;
    private static final int MOST_TOLD = 40;

    private final Changelogs changelogs;
    private final PrintWriter err;
    private final ProgressLine progress;
    private final boolean repeatedToo;
    private long problems;

    interface Each {
        void line(ChangelogReader line) throws IOException;
    }

    /** @param repeatedToo also changes that a file before has had */
    LineWalk(Changelogs changelogs, PrintWriter err, ProgressLine progress, boolean repeatedToo) {
        this.changelogs = changelogs;
        this.err = err;
        this.progress = progress;
        this.repeatedToo = repeatedToo;
    }

    /** @return whether everything could be read */
    boolean run(Each each) throws IOException {
        changelogs.damaged().forEach(damaged -> tell(damaged.toString()));
        long next = 0;
        for (Piece piece : changelogs.files().pieces()) {
            next = file(piece, repeatedToo ? 0 : next, each);
        }
        if (problems > MOST_TOLD) {
            err.println("antler: and " + (problems - MOST_TOLD) + " more places that could not be read");
        }
        return problems == 0;
    }

    /** @return version after its last change */
    private long file(Piece piece, long first, Each each) throws IOException {
        long next = first;
        long last = -1;
        long repeated = 0;
        try (ChangelogReader reader = piece.file().read()) {
            for (long count = 0; nextLine(reader); count++) {
                if (count % TOLD_EVERY == 0) {
                    progress.read(changelogs.files().read(), changelogs.files().total());
                }
                if (last < 0 || reader.version() == last + 1) { // one wrong digit makes a line that no other follows
                    next = Math.max(next, reader.version() + 1);
                }
                last = reader.version();
                if (last < first) {
                    repeated++;
                } else {
                    each.line(reader);
                }
            }
            reader.halfLine()
                    .ifPresent(half ->
                            tell("%s, byte %d: half a line, \"%s\", is left out. It may be complete in another file"
                                    .formatted(reader.name(), half.offset(), half.start())));
        } catch (BadChangelog bad) {
            tell(String.valueOf(bad.getMessage()));
        }
        if (repeated > 0) {
            progress.say("antler: " + repeated + " changes in " + piece.file().name()
                    + " are left out, files before have changes of these versions");
        }
        return next;
    }

    private boolean nextLine(ChangelogReader reader) {
        while (true) {
            try {
                return reader.next();
            } catch (BadChangelog bad) {
                tell(String.valueOf(bad.getMessage()));
            }
        }
    }

    private void tell(String problem) {
        if (++problems <= MOST_TOLD) {
            progress.say("antler: " + Terminal.safe(problem));
        }
    }
}
