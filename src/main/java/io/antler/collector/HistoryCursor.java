package io.antler.collector;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one history in several files, change by change, for one that is compared with it. Damaged places are skipped
 * and told.
 */
final class HistoryCursor implements Closeable {
    private static final int MOST_OPEN = 250;

    private final List<Piece> pieces;
    private final Findings findings;
    private final List<Head> heads = new ArrayList<>();
    private int unopened;
    private @Nullable Head current;

    /** @param pieces by first version */
    HistoryCursor(List<Piece> pieces, Findings findings) {
        this.pieces = pieces;
        this.findings = findings;
    }

    /**
     * @return false: there are no more
     * @throws SourceUnusable if it is no history, because files of it say different things
     */
    boolean next() throws IOException {
        if (current != null) {
            long version = current.version();
            for (int i = heads.size() - 1; i >= 0; i--) {
                if (heads.get(i).version() == version) {
                    advance(heads.get(i));
                }
            }
        }
        Head lowest = lowest();
        while (unopened < pieces.size()
                && (lowest == null || pieces.get(unopened).first() <= lowest.version())) {
            open(pieces.get(unopened++));
            lowest = lowest();
        }
        current = lowest;
        if (lowest != null) {
            compare(lowest);
        }
        return lowest != null;
    }

    private @Nullable Head lowest() {
        Head lowest = null;
        for (Head head : heads) {
            if (lowest == null || head.version() < lowest.version()) {
                lowest = head;
            }
        }
        return lowest;
    }

    private void open(Piece piece) throws IOException {
        if (heads.size() == MOST_OPEN) {
            throw new SourceUnusable("More than " + MOST_OPEN + " files have the same changes around version "
                    + piece.first() + ". Merge them first: antler changelog merge");
        }
        Head head;
        try {
            head = new Head(piece, new Standing(piece.file().lane()), findings);
        } catch (BadChangelog bad) {
            findings.damaged(String.valueOf(bad.getMessage()), -1, true);
            return;
        }
        heads.add(head);
        advance(head);
    }

    private void advance(Head head) throws IOException {
        try {
            if (!head.advance()) {
                heads.remove(head);
                head.close();
            }
        } catch (Backwards _) {
            throw new SourceUnusable(head.name() + ": its versions go back after " + head.version()
                    + ", so it is two histories. Make one of it first: antler changelog merge");
        }
    }

    private void compare(Head lowest) throws SourceUnusable {
        for (Head other : heads) {
            if (other != lowest
                    && other.version() == lowest.version()
                    && !other.line().hasSameTextAs(lowest.line())) {
                throw new SourceUnusable(
                        "%s and %s say different things of change %d, so this side is no history. See %s"
                                .formatted(
                                        lowest.name(),
                                        other.name(),
                                        lowest.version(),
                                        "antler changelog verify, and leave one of them out"));
            }
        }
    }

    /** Where it is; after {@link #next} has returned true. */
    Head head() {
        if (current == null) {
            throw new IllegalStateException("at no change");
        }
        return current;
    }

    ChangelogReader line() {
        return head().line();
    }

    long version() {
        return head().version();
    }

    @Override
    public void close() throws IOException {
        for (Head head : heads) {
            head.close();
        }
    }
}
