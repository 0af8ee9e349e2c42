package io.antler.collector;

/**
 * A part of a changelog file in which versions grow: mostly the whole.
 *
 * @param from byte of the file's text where its first line begins
 * @param until byte where the next piece begins; {@link Long#MAX_VALUE}: to the end
 * @param first version of its first change
 */
public record Piece(ChangelogFile file, long from, long until, long first) {
    static Piece whole(ChangelogFile file, long first) {
        return new Piece(file, 0, Long.MAX_VALUE, first);
    }

    String name() {
        return file.name();
    }
}
