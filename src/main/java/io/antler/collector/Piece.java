package io.antler.collector;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A part of a changelog file in which versions grow: mostly the whole.
 *
 * @param from byte of the file's text where its first line begins
 * @param until byte where the next piece begins; {@link Long#MAX_VALUE}: to the end
 * @param first version of its first change
 */
public record Piece(ChangelogFile file, long from, long until, long first) {
    /** Of each lane, so many files that begin before what is wanted: mostly the last of them has it. */
    private static final int EARLIER = 3;

    static Piece whole(ChangelogFile file, long first) {
        return new Piece(file, 0, Long.MAX_VALUE, first);
    }

    /** Without those that end before that version. */
    static List<Piece> reaching(List<Piece> pieces, long version) {
        Map<Lane, List<Piece>> lanes = pieces.stream()
                .sorted(Comparator.comparingLong(Piece::first))
                .collect(Collectors.groupingBy(piece -> piece.file().lane()));
        return lanes.values().stream()
                .flatMap(lane -> {
                    long before = lane.stream()
                            .filter(piece -> piece.first() <= version)
                            .count();
                    return lane.stream().skip(Math.max(0, before - EARLIER));
                })
                .toList();
    }

    String name() {
        return file.name();
    }
}
