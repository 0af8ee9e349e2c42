package io.antler.metalogger.archive;

import io.antler.metalogger.DurableFile;
import io.antler.metalogger.archive.ChangelogFiles.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What of an archive may go, and what may be compressed. Only looks and computes, but for {@link #delete}. */
final class Housekeeping {
    private Housekeeping() {}

    /**
     * @param images in any order
     * @param segments oldest first
     */
    static Set<Long> superfluous(
            List<StoredImage> images, List<Segment> segments, RetentionRule.Limits limits, Instant now)
            throws IOException {
        List<RetentionRule.Kept> kept = new ArrayList<>();
        long until = Long.MAX_VALUE;
        for (StoredImage image : newestFirst(images)) {
            long bytes = image.bytes();
            for (Segment segment : segments) {
                if (segment.first() >= image.version() && segment.first() < until) {
                    bytes += Files.size(segment.file());
                }
            }
            kept.add(new RetentionRule.Kept(image.version(), image.time(), bytes));
            until = image.version();
        }
        return RetentionRule.superfluous(kept, limits, now);
    }

    private static List<StoredImage> newestFirst(List<StoredImage> images) {
        return images.stream()
                .sorted(Comparator.comparingLong(StoredImage::version).reversed())
                .toList();
    }

    /** The closed changelog files all of whose changes are in an image of that version. */
    static List<Segment> before(long version, List<Segment> segments) {
        List<Segment> before = new ArrayList<>();
        for (int i = 0; i + 1 < segments.size(); i++) {
            if (segments.get(i + 1).first() <= version) {
                before.add(segments.get(i));
            }
        }
        return before;
    }

    /**
     * Plain files that a master does not need as long as one of the newest images is good.
     *
     * @param plainImages so many stay as they are, and all changes since the oldest of them
     */
    static List<Path> compressible(List<StoredImage> images, List<Segment> segments, int plainImages) {
        List<StoredImage> newestFirst = newestFirst(images);
        if (newestFirst.size() < plainImages) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        newestFirst.stream().skip(plainImages).map(StoredImage::file).forEach(files::add);
        long needed = newestFirst.get(plainImages - 1).version();
        before(needed, segments).stream().map(Segment::file).forEach(files::add);
        files.removeIf(Generations::isCompressed);
        return files;
    }

    static void delete(Path directory, List<Path> files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        if (!files.isEmpty()) {
            DurableFile.force(directory);
        }
    }
}
