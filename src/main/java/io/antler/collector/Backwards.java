package io.antler.collector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file must be taken as two: the merge begins again with them. Carries no stack: it is no failure. */
final class Backwards extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Piece piece;
    private final transient List<Piece> parts;
    private final @Nullable String damage;

    /** @param damage what is left out between the two; null: nothing */
    Backwards(Piece piece, long endOfFirst, long startOfSecond, long firstOfSecond, @Nullable String damage) {
        super(null, null, false, false);
        this.piece = piece;
        this.parts = List.of(
                new Piece(piece.file(), piece.from(), endOfFirst, piece.first()),
                new Piece(piece.file(), startOfSecond, piece.until(), firstOfSecond));
        this.damage = damage;
    }

    Piece piece() {
        return piece;
    }

    List<Piece> parts() {
        return parts;
    }

    @Nullable
    String damage() {
        return damage;
    }
}
