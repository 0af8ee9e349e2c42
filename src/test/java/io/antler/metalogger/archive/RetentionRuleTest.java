package io.antler.metalogger.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.metalogger.archive.RetentionRule.Kept;
import io.antler.metalogger.archive.RetentionRule.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:30:00Z"); // a Saturday
    private static final Duration LONG = Duration.ofDays(10_000);
    private static final Limits ALL = new Limits(1000, 1000, 1000, 1000, LONG, Long.MAX_VALUE);

    /** One an hour, the newest half an hour ago; their versions are hours before it, counted backwards from 10000. */
    private static List<Kept> hourly(int count) {
        List<Kept> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(new Kept(10_000 - i, NOW.minus(Duration.ofMinutes(30 + 60L * i)), 100));
        }
        return images;
    }

    private static Set<Long> kept(List<Kept> images, Limits limits) {
        Set<Long> kept = images.stream().map(Kept::version).collect(Collectors.toSet());
        kept.removeAll(RetentionRule.superfluous(images, limits, NOW));
        return kept;
    }

    @Test
    void theNewestOfTheLastHoursDaysAndWeeksAreKept() {
        Set<Long> kept = kept(hourly(24 * 21), new Limits(3, 3, 2, 1000, LONG, Long.MAX_VALUE));

        // hours 12, 11, 10 of today; the last hours of yesterday and of the day before; Sunday 23 h of last week
        assertEquals(Set.of(10_000L, 9_999L, 9_998L, 9_987L, 9_963L, 9_867L), kept);
    }

    @Test
    void anHourWithoutAnImageCountsNot() {
        List<Kept> images = List.of(
                new Kept(30, NOW, 1),
                new Kept(20, NOW.minus(Duration.ofDays(100)), 1),
                new Kept(10, NOW.minus(Duration.ofDays(200)), 1));

        assertEquals(Set.of(30L, 20L), kept(images, new Limits(2, 0, 0, 1000, LONG, Long.MAX_VALUE)));
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        assertEquals(Set.of(10_000L, 9_999L), kept(hourly(5), new Limits(9, 9, 9, 2, LONG, Long.MAX_VALUE)));
    }

    @Test
    void theOldestGoWhenTheyAreTooOld() {
        assertEquals(
                Set.of(10_000L, 9_999L),
                kept(hourly(5), new Limits(9, 9, 9, 9, Duration.ofMinutes(100), Long.MAX_VALUE)));
    }

    @Test
    void theOldestGoWhenAllAreTooLarge() {
        assertEquals(Set.of(10_000L, 9_999L), kept(hourly(5), new Limits(9, 9, 9, 9, LONG, 250)));
    }

    @Test
    void theNewestIsKeptAgainstEveryLimit() {
        List<Kept> images = List.of(new Kept(7, NOW.minus(LONG), 1000), new Kept(6, NOW.minus(LONG), 1000));

        assertEquals(Set.of(7L), kept(images, new Limits(0, 0, 0, 1, Duration.ofDays(1), 1)));
        assertEquals(Set.of(), RetentionRule.superfluous(List.of(), ALL, NOW));
    }
}
