package io.antler.collector;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changelog files, the earliest changes first, and how much of them has been read. Not thread-safe. */
public final class Metered {
    private final List<Piece> pieces = new ArrayList<>();
    private long total;
    private long read;

    /** @throws SourceUnusable if a file went away */
    public Metered(Sources sources) throws IOException {
        for (Piece piece : sources.changelogs()) {
            ChangelogFile file = piece.file();
            var counted = new ChangelogFile(
                    file.lane(),
                    file.name(),
                    file.local(),
                    () -> new Counted(file.content().open()));
            pieces.add(new Piece(counted, piece.from(), piece.until(), piece.first()));
            if (file.local().isPresent()) {
                total += Files.size(file.local().get());
            }
        }
        pieces.sort(Comparator.comparingLong(Piece::first));
    }

    public List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** Bytes of all files, as they are on disk. */
    public long total() {
        return total;
    }

    public long read() {
        return read;
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            read += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            read += Math.max(0, count);
            return count;
        }
    }
}
