package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Changelog files in memory, and what a merge makes of them. */
final class Told implements Merge.Sink {
    final List<Piece> pieces = new ArrayList<>();
    final List<String> lines = new ArrayList<>();

    /** @param name {@code SOURCE/FAMILY.N.mfs} */
    Told file(String name, byte[] content) {
        String source = name.substring(0, name.indexOf('/'));
        String family = name.substring(source.length() + 1, name.indexOf('.', source.length()));
        var file = new ChangelogFile(
                new Lane(source, family), name, Optional.empty(), () -> new ByteArrayInputStream(content));
        String text = new String(content, StandardCharsets.ISO_8859_1);
        long first = text.lines()
                .filter(line -> line.matches("\\d{1,18}: \\d+\\|.*"))
                .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(':'))))
                .findFirst()
                .orElse(0);
        pieces.add(Piece.whole(file, first));
        return this;
    }

    Told file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    Told changes(String name, long first, long until) {
        return file(name, lines(first, until));
    }

    static String lines(long first, long until) {
        var text = new StringBuilder();
        LongStream.range(first, until).forEach(version -> text.append(line(version)));
        return text.toString();
    }

    static String line(long version) {
        return version + ": " + (1_700_000_000 + version) + "|CREATE(1,n" + version + "):" + version + "\n";
    }

    History merge() throws IOException {
        return Merge.run(pieces, Optional.empty(), this);
    }

    History merge(String imageSource, long imageVersion) throws IOException {
        return Merge.run(pieces, Optional.of(new Merge.Anchor(imageSource, imageVersion)), this);
    }

    String text() {
        return String.join("", lines);
    }

    @Override
    public void begin() {
        lines.clear();
    }

    @Override
    public boolean change(ChangelogReader line) {
        lines.add(line.change().line() + "\n");
        return true;
    }
}
