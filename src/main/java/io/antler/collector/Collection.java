package io.antler.collector;

import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
 * @param reached version one gets to with image and changes; without an image, with the newest changes
 */
public record Collection(Optional<ImageFile> image, History history, long reached) {
    static final String NOT_REACHABLE = "not-reachable";

    /** What would be made. */
    public static Collection look(Sources sources) throws IOException {
        return merge(sources, new Merge.Sink() {
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
            Optional<ImageFile> image = newest(sources);
            Collection collection = merge(sources, new Merge.Sink() {
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
            if (image.isPresent()) {
                image.get().copyTo(directory.resolve("metadata.mfs.back"));
            }
            return collection;
        }
    }

    /** Whether something is missing between an image and a change. */
    private static boolean breaks(long image, long next, long version) {
        return version > image && version > next;
    }

    private static Optional<ImageFile> newest(Sources sources) {
        return sources.images().stream().findFirst();
    }

    private static Collection merge(Sources sources, Merge.Sink sink) throws IOException {
        Optional<ImageFile> image = newest(sources);
        History history = Merge.run(
                        sources.changelogs(),
                        image.map(newest -> new Merge.Anchor(newest.source(), newest.version())),
                        sink)
                .with(sources.damaged());
        long reached = image.map(newest -> history.reachableFrom(newest.version()))
                .or(() -> history.newest().map(History.Run::until))
                .orElse(-1L);
        return new Collection(image, history, reached);
    }

    /** What keeps from getting further, though something is known to come. */
    public List<Finding> beyond() {
        return history.beyond(reached);
    }
}
