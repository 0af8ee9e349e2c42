package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is made of all sources: the newest image, and every change once.
 *
 * <pre>
 * metadata.mfs.back                  the newest image
 * changelog.N.mfs                    what leads up to it, and what follows it without a hole
 * not-reachable/changelog.N.mfs      what comes after a hole or a contradiction; a stock master does not look there
 * </pre>
 *
 * @param image empty: none of the sources has one
 * @param passedOver a sentence for each newer image that could not be copied
 * @param reached version one gets to with image and changes; without an image, with the newest changes
 */
public record Collection(Optional<ImageFile> image, List<String> passedOver, History history, long reached) {
    static final String NOT_REACHABLE = "not-reachable";

    public Collection {
        passedOver = List.copyOf(passedOver);
    }

    /** What would be made. */
    public static Collection look(Sources sources) throws IOException {
        return merge(sources, newest(sources), List.of(), new Merge.Sink() {
            @Override
            public void begin() {}

            @Override
            public boolean change(ChangelogReader line) {
                return true;
            }
        });
    }

    /**
     * @param target does not exist yet
     * @throws TargetUnusable if it cannot be written; nothing of it is left then
     */
    public static Collection write(Sources sources, Path target) throws IOException {
        try (NewDirectory directory = NewDirectory.of(target)) {
            try {
                Collection collection = merge(sources, directory.path());
                directory.publish();
                return collection;
            } catch (SourceUnusable | TargetUnusable named) {
                throw named;
            } catch (IOException failure) {
                throw directory.failed(failure);
            }
        }
    }

    private static Collection merge(Sources sources, Path directory) throws IOException {
        try (var reachable = new ChangelogFiles(directory);
                var others = new ChangelogFiles(directory.resolve(NOT_REACHABLE))) {
            List<String> passedOver = new ArrayList<>();
            Optional<ImageFile> image = copied(sources, directory.resolve("metadata.mfs.back"), passedOver);
            Collection collection = merge(sources, image, passedOver, new Merge.Sink() {
                private boolean broken;

                @Override
                public void begin() throws IOException {
                    reachable.begin();
                    others.begin();
                    broken = false;
                }

                @Override
                public boolean change(ChangelogReader line) throws IOException {
                    broken |= image.isPresent() && breaks(image.get().version(), reachable.next(), line.version());
                    (broken ? others : reachable).add(line);
                    return true;
                }
            });
            reachable.finish();
            others.finish();
            return collection;
        }
    }

    /**
     * The newest image that can be copied.
     *
     * @throws ImageUnusable if there are some and none of them can be
     */
    private static Optional<ImageFile> copied(Sources sources, Path copy, List<String> passedOver) throws IOException {
        @Nullable ImageUnusable first = null;
        for (ImageFile image : sources.images()) {
            try {
                image.copyTo(copy);
                return Optional.of(image);
            } catch (ImageUnusable broken) {
                Files.deleteIfExists(copy);
                passedOver.add(String.valueOf(broken.getMessage()));
                first = first == null ? broken : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return Optional.empty();
    }

    /** Whether something is missing between an image and a change. */
    private static boolean breaks(long image, long next, long version) {
        return version > image && version > next;
    }

    private static Optional<ImageFile> newest(Sources sources) {
        return sources.images().stream().findFirst();
    }

    private static Collection merge(
            Sources sources, Optional<ImageFile> image, List<String> passedOver, Merge.Sink sink) throws IOException {
        History history = Merge.run(
                        sources.changelogs(),
                        image.map(newest -> new Merge.Anchor(newest.source(), newest.version())),
                        sink)
                .with(sources.damaged());
        long reached = image.map(newest -> history.reachableFrom(newest.version()))
                .or(() -> history.newest().map(History.Run::until))
                .orElse(-1L);
        return new Collection(image, passedOver, history, reached);
    }

    /** What keeps from getting further, though something is known to come. */
    public List<Finding> beyond() {
        return history.beyond(reached);
    }
}
