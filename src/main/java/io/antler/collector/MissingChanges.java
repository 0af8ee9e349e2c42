package io.antler.collector;

import io.antler.metalogger.keeping.Elsewhere;
import io.antler.moosefs.ChangelogReader;
import io.antler.moosefs.MetadataId;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for missing changes in directories of this machine and at other nodes and metaloggers. */
public record MissingChanges(List<Place> places) implements Elsewhere {
    private static final int MOST_TOLD = 10;

    public MissingChanges {
        places = List.copyOf(places);
    }

    @Override
    public Found look(MetadataId id, long from, long until, Path target) throws IOException {
        List<String> told = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        for (Place place : places) {
            try {
                pieces.addAll(pieces(Sources.scan(place, from), id, from, told));
            } catch (SourceUnusable unusable) {
                told.add(String.valueOf(unusable.getMessage()));
            }
        }
        try (var lines = new Lines(from, until, target)) {
            History history = Merge.run(pieces, Optional.empty(), lines);
            history.beyond(from).forEach(finding -> told.add(finding.toString()));
            return new Found(lines.first, lines.next, shortened(told));
        }
    }

    private static List<Piece> pieces(Source source, MetadataId id, long from, List<String> told) {
        for (ImageFile image : source.images()) {
            if (!image.id().isNone() && !image.id().equals(id)) {
                told.add(source.name() + " is not used: " + image.name() + " has metadata id " + image.id()
                        + ", ours is " + id);
                return List.of();
            }
        }
        List<Piece> pieces = Piece.reaching(source.changelogs(), from);
        told.add(source.name() + ": " + pieces.size() + " of "
                + source.changelogs().size() + " changelog files looked through");
        told.addAll(source.badImages());
        source.damaged().forEach(damage -> told.add(damage.toString()));
        return pieces;
    }

    private static List<String> shortened(List<String> told) {
        if (told.size() <= MOST_TOLD) {
            return told;
        }
        List<String> some = new ArrayList<>(told.subList(0, MOST_TOLD));
        some.add((told.size() - MOST_TOLD) + " more");
        return some;
    }

    /** Keeps the changes between two versions, up to a hole. */
    private static final class Lines implements Merge.Sink, Closeable {
        private final long from;
        private final long until;
        private final Path target;
        private OutputStream out = OutputStream.nullOutputStream();
        private long first = -1;
        private long next = -1;

        Lines(long from, long until, Path target) {
            this.from = from;
            this.until = until;
            this.target = target;
        }

        @Override
        public void begin() throws IOException {
            out.close();
            out = new BufferedOutputStream(Files.newOutputStream(target));
            first = -1;
            next = -1;
        }

        @Override
        public boolean change(ChangelogReader line) throws IOException {
            long version = line.version();
            if (version < from) {
                return true;
            }
            if (version >= until || (next >= 0 && version != next)) {
                return false;
            }
            first = first < 0 ? version : first;
            next = version + 1;
            line.writeTo(out);
            return true;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
