package io.antler.collector;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks into each file of a place, just as far as is needed to know where its changes begin. */
final class SourceBuilder {
    private final String source;
    private final List<ImageFile> images = new ArrayList<>();
    private final List<Piece> changelogs = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final List<String> badImages = new ArrayList<>();
    private final List<Finding.Damaged> damaged = new ArrayList<>();

    SourceBuilder(String source) {
        this.source = source;
    }

    String name() {
        return source;
    }

    Source build() {
        return new Source(source, images, changelogs, ignored, badImages, damaged);
    }

    void ignored(String name) {
        ignored.add(name);
    }

    /** @param name for messages: where it is */
    void changelog(String name, String family, Optional<Path> local, Opener content) {
        var changelog = new ChangelogFile(new Lane(source, family), name, local, content);
        try (ChangelogReader reader = changelog.read()) {
            OptionalLong first = firstVersion(reader);
            if (first.isPresent()) {
                changelogs.add(Piece.whole(changelog, first.getAsLong()));
            } else if (reader.halfLine().isPresent()) {
                damaged.add(useless(name + " has nothing but half a change"));
            }
        } catch (IOException bad) {
            unreadable(name, bad);
        }
    }

    void unreadable(String name, IOException bad) {
        damaged.add(useless(sentence(name, bad)));
    }

    /** What was in it is not known, so it may be what is missing. */
    private static Finding.Damaged useless(String sentence) {
        return new Finding.Damaged(sentence, Long.MAX_VALUE, true);
    }

    private static OptionalLong firstVersion(ChangelogReader reader) throws BadChangelog {
        @Nullable BadChangelog first = null;
        while (true) {
            try {
                if (reader.next()) {
                    return OptionalLong.of(reader.version());
                }
            } catch (BadChangelog bad) {
                first = first == null ? bad : first;
                continue;
            }
            if (first != null) {
                throw first;
            }
            return OptionalLong.empty();
        }
    }

    /** Reads it to its end. */
    void image(String name, Optional<Path> local, Opener content) {
        try {
            images.add(ImageFile.of(source, name, local, content));
        } catch (IOException bad) {
            badImage(sentence(name, bad));
        }
    }

    void image(ImageFile image) {
        images.add(image);
    }

    void badImage(String sentence) {
        badImages.add(sentence);
    }

    private static String sentence(String name, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(name) ? message : name + " is not used: " + failure;
    }
}
