package io.antler.collector;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the merge is in one file. Versions grow in it; what breaks this is skipped as damage, or splits the file. */
final class Head implements Closeable {
    private final Piece piece;
    private final Standing standing;
    private final ChangelogReader reader;
    private final Findings findings;
    private long beforeLast = -1;
    private long last = -1;
    private long lastOffset;
    private long first = -1;
    private long lines;
    private long firstSeconds;
    private long lastSeconds;
    private long clockBack;
    private @Nullable BadChangelog damage; // since the last line

    Head(Piece piece, Standing standing, Findings findings) throws IOException {
        this.piece = piece;
        this.standing = standing;
        this.findings = findings;
        this.reader = piece.file().read();
    }

    String name() {
        return piece.name();
    }

    Standing standing() {
        return standing;
    }

    ChangelogReader line() {
        return reader;
    }

    long version() {
        return last;
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end
     * @throws Backwards if the rest is another history, or the last line was none of this one
     */
    boolean advance() throws Backwards {
        while (true) {
            try {
                if (!reader.next()) {
                    return atEnd();
                }
            } catch (BadChangelog bad) {
                remember(bad);
                continue;
            }
            if (reader.offset() < piece.from()) {
                continue; // the piece before
            }
            if (reader.offset() >= piece.until()) {
                return atEnd();
            }
            tellDamage(false);
            findings.line();
            if (reader.version() <= last && !skipsStranger()) {
                return atEnd();
            }
            count();
            beforeLast = last;
            last = reader.version();
            lastOffset = reader.offset();
            return true;
        }
    }

    private void count() {
        long seconds = reader.seconds();
        if (lines++ == 0) {
            first = reader.version();
            firstSeconds = seconds;
        } else if (seconds < lastSeconds) {
            clockBack++;
        }
        lastSeconds = seconds;
    }

    /** What was read of it. */
    FileRead read() {
        return new FileRead(name(), first, last, lines, firstSeconds, lastSeconds, clockBack);
    }

    /**
     * A line goes back. One wrong digit makes a line jump forth or back and the next ones go on as before: such a line is
     * damage. Else two histories stand one after the other.
     *
     * @return whether the reader stands at a line that goes on; false at the end
     */
    private boolean skipsStranger() throws Backwards {
        long back = reader.version();
        long backOffset = reader.offset();
        if (last > beforeLast + 1 && beforeLast >= 0 && back == beforeLast + 2) {
            throw new Backwards(piece, lastOffset, backOffset, back, stranger(lastOffset, last));
        }
        boolean goesOn = goesOn();
        if (goesOn && reader.version() <= last) {
            throw new Backwards(piece, backOffset, backOffset, back, null);
        }
        findings.damaged(stranger(backOffset, back), last + 1, !goesOn);
        return goesOn;
    }

    private boolean goesOn() {
        while (true) {
            try {
                return reader.next() && reader.offset() < piece.until();
            } catch (BadChangelog bad) {
                remember(bad);
            }
        }
    }

    private String stranger(long offset, long version) {
        return "%s, byte %d: version %d, which does not follow the lines around it. It is taken for damage"
                .formatted(name(), offset, version);
    }

    private boolean atEnd() {
        tellDamage(true);
        reader.halfLine().ifPresent(half -> findings.half(name(), half, last + 1));
        return false;
    }

    private void remember(BadChangelog bad) {
        if (bad.offset() >= piece.from() && bad.offset() < piece.until()) {
            tellDamage(false);
            damage = bad;
        }
    }

    private void tellDamage(boolean atEnd) {
        if (damage != null) {
            findings.damaged(String.valueOf(damage.getMessage()), last < 0 ? -1 : last + 1, atEnd);
            damage = null;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
