package io.antler.metalogger.keeping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageRuleTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant NOW = NOON.plusSeconds(60);
    private static final ImageRule.Schedule SCHEDULE = new ImageRule.Schedule(true, Duration.ofHours(24));

    private static @Nullable String reason(
            Instant saved, @Nullable Instant handled, Instant newest, @Nullable Instant tried) {
        return ImageRule.reason(new ImageRule.View(NOW, saved, handled, newest, tried), SCHEDULE);
    }

    @Test
    void aNewSaveIsFetchedOnce() {
        assertEquals("the master has saved it", reason(NOON, NOON.minusSeconds(3600), NOON.minusSeconds(3500), null));
        assertEquals(null, reason(NOON, NOON, NOON.minusSeconds(3500), null));
    }

    @Test
    void afterAStartASaveIsNewIfItIsYoungerThanTheNewestImage() {
        assertEquals("the master has saved it", reason(NOON, null, NOON.minusSeconds(3500), null));
        assertEquals(null, reason(NOON, null, NOON.plusSeconds(10), null));
    }

    @Test
    void aMasterThatHasNotSavedSinceItsStartHasNothingNew() {
        assertEquals(null, reason(Instant.EPOCH, null, NOON.minusSeconds(3500), null));
        assertEquals(null, reason(Instant.EPOCH, NOON, NOON.minusSeconds(3500), null));
    }

    @Test
    void anImageThatIsADayOldIsFetchedWithoutASaveAndNotTriedAllTheTime() {
        Instant old = NOW.minus(Duration.ofHours(24));

        assertEquals("the newest one here is 24 hours old", reason(Instant.EPOCH, null, old, null));
        assertEquals(null, reason(Instant.EPOCH, null, old, NOW.minusSeconds(600)));
        assertEquals(
                "the newest one here is 24 hours old",
                reason(Instant.EPOCH, null, old, NOW.minus(Duration.ofHours(1))));
    }

    @Test
    void savesCanBeLeftOut() {
        var view = new ImageRule.View(NOW, NOON, NOON.minusSeconds(3600), NOON.minusSeconds(3500), null);

        assertEquals(null, ImageRule.reason(view, new ImageRule.Schedule(false, Duration.ofHours(24))));
    }
}
