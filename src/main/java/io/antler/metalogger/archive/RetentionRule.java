package io.antler.metalogger.archive;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Which images are kept. Pure. */
public final class RetentionRule {
    private RetentionRule() {}

    /**
     * Of each hour, day and week (UTC) the newest image is kept, for so many hours, days and weeks that have one. Of these, the
     * oldest ones go as long as there are more, older ones, or larger ones in all than allowed.
     *
     * @param count of images, at most
     * @param age of an image, at most
     * @param bytes of all images, and of the changes since the oldest of them
     */
    public record Limits(int hourly, int daily, int weekly, int count, Duration age, long bytes) {}

    /** @param bytes of the image and of the changes up to the next newer one */
    public record Kept(long version, Instant time, long bytes) {}

    /** @return versions of the images that are to be deleted; never the newest */
    public static Set<Long> superfluous(List<Kept> images, Limits limits, Instant now) {
        List<Kept> newestFirst = images.stream()
                .sorted(Comparator.comparingLong(Kept::version).reversed())
                .toList();
        Set<Long> wanted = new HashSet<>();
        wanted.addAll(newestOfEach(newestFirst, limits.hourly(), time -> time.truncatedTo(ChronoUnit.HOURS)));
        wanted.addAll(newestOfEach(newestFirst, limits.daily(), time -> time.truncatedTo(ChronoUnit.DAYS)));
        wanted.addAll(newestOfEach(newestFirst, limits.weekly(), RetentionRule::week));
        Set<Long> kept = new HashSet<>();
        Set<Long> superfluous = new HashSet<>();
        long bytes = 0;
        boolean full = false;
        for (Kept image : newestFirst) {
            bytes += image.bytes(); // of one that goes too, as its changes stay for the older ones
            full |= !kept.isEmpty()
                    && (kept.size() >= limits.count()
                            || bytes > limits.bytes()
                            || Duration.between(image.time(), now).compareTo(limits.age()) > 0);
            boolean keep = kept.isEmpty() || (!full && wanted.contains(image.version()));
            (keep ? kept : superfluous).add(image.version());
        }
        return superfluous;
    }

    private static Set<Long> newestOfEach(List<Kept> newestFirst, int most, Function<ZonedDateTime, Object> period) {
        Set<Object> periods = new HashSet<>();
        Set<Long> versions = new HashSet<>();
        for (Kept image : newestFirst) {
            if (periods.size() < most && periods.add(period.apply(image.time().atZone(ZoneOffset.UTC)))) {
                versions.add(image.version());
            }
        }
        return versions;
    }

    private static Object week(ZonedDateTime time) {
        return time.get(IsoFields.WEEK_BASED_YEAR) + "-" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }
}
