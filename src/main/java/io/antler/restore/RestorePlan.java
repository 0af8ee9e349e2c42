package io.antler.restore;

import io.antler.collector.ImageFile;
import io.antler.collector.ImageUnusable;
import io.antler.collector.Merge;
import io.antler.collector.Sources;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a restore begins and where it is to end.
 *
 * @param image the newest that is not beyond the end
 * @param end version to be reached; empty: as far as it goes
 * @param passedOver a sentence for each image that would have been taken and could not be copied
 * @param nextChange when the change was made that is the first one not wanted, if that was looked up
 */
public record RestorePlan(
        Sources sources, ImageFile image, OptionalLong end, Optional<Instant> nextChange, List<String> passedOver) {
    public RestorePlan {
        passedOver = List.copyOf(passedOver);
    }

    /** @throws NoWay if no image is old enough, or there is none at all */
    public static RestorePlan of(Sources sources, Point point) throws IOException {
        return switch (point) {
            case Point.Newest _ -> from(sources, Long.MAX_VALUE, OptionalLong.empty(), Optional.empty());
            case Point.Version(long version) -> from(sources, version, OptionalLong.of(version), Optional.empty());
            case Point.Time(Instant time) -> at(sources, time);
        };
    }

    private static RestorePlan from(Sources sources, long limit, OptionalLong end, Optional<Instant> nextChange)
            throws NoWay {
        List<ImageFile> images = sources.images();
        ImageFile image = images.stream()
                .filter(candidate -> candidate.version() <= limit)
                .findFirst()
                .orElseThrow(() -> new NoWay(
                        images.isEmpty()
                                ? "There is no usable image (metadata*) in any of the sources, and changes alone are no file"
                                        + " system. Name a directory with an image of any age"
                                : "The oldest image, " + images.getLast().name() + ", is of version "
                                        + images.getLast().version() + ", and version " + limit
                                        + " is wanted. Name a directory with an older image"));
        return new RestorePlan(sources, image, end, nextChange, List.of());
    }

    /**
     * The same with the next image, of the same version or older.
     *
     * @throws ImageUnusable the one given, if there is no other
     */
    RestorePlan without(ImageUnusable broken) throws ImageUnusable {
        Optional<ImageFile> next = sources.images().stream()
                .dropWhile(candidate -> !candidate.equals(image))
                .skip(1)
                .findFirst();
        if (next.isEmpty()) {
            throw broken;
        }
        List<String> sentences = new ArrayList<>(passedOver);
        sentences.add(String.valueOf(broken.getMessage()));
        return new RestorePlan(sources, next.get(), end, nextChange, sentences);
    }

    private static RestorePlan at(Sources sources, Instant time) throws IOException {
        var search = new Search(time.getEpochSecond());
        Optional<ImageFile> newest = sources.images().stream().findFirst();
        Merge.run(sources.changelogs(), newest.map(image -> new Merge.Anchor(image.source(), image.version())), search);
        if (search.later < 0) {
            return from(sources, Long.MAX_VALUE, OptionalLong.empty(), Optional.empty());
        }
        Instant later = Instant.ofEpochSecond(search.laterSeconds);
        if (search.before < 0) {
            throw new NoWay("The oldest change, " + search.later + ", is of " + later + ", which is after " + time
                    + ": what was before is not known. Name a directory with older changelogs");
        }
        return from(sources, search.before + 1, OptionalLong.of(search.later), Optional.of(later));
    }

    /** Finds the first change that is later, and the one before. */
    private static final class Search implements Merge.Sink {
        private final long seconds;
        private long before;
        private long later;
        private long laterSeconds;

        Search(long seconds) {
            this.seconds = seconds;
        }

        @Override
        public void begin() {
            before = -1;
            later = -1;
        }

        @Override
        public boolean change(ChangelogReader line) {
            if (line.seconds() > seconds) {
                later = line.version();
                laterSeconds = line.seconds();
                return false;
            }
            before = line.version();
            return true;
        }
    }
}
