package io.antler.leadership;

import static io.antler.leadership.Reports.B;
import static io.antler.leadership.Reports.C;
import static io.antler.leadership.Reports.serving;
import static io.antler.leadership.Reports.standby;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Epoch;
import io.antler.leadership.AppointmentRule.Heard;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HearingsTest {
    private static final Epoch FOUR = new Epoch(4);
    private final Hearings hearings = new Hearings(Duration.ofSeconds(1), 0);

    @Test
    void aReportAgesOnTheOwnClock() {
        hearings.heard(standby(C, 7), FOUR, millis(100));

        var view = hearings.view(true, false, FOUR, B, millis(350));

        assertEquals(Map.of(C, new Heard(standby(C, 7), Duration.ofMillis(250))), view.reports());
        assertEquals(Duration.ofMillis(350), view.listening());
        assertEquals(Duration.ofMillis(350), view.mandated());
    }

    @Test
    void aMasterIsConfirmedByAReportUnderItsEpochOnly() {
        hearings.heard(serving(B, 3, 7), FOUR, millis(100));
        assertFalse(hearings.view(true, false, FOUR, B, millis(200)).confirmed());

        hearings.heard(serving(B, 4, 7), FOUR, millis(300));
        assertTrue(hearings.view(true, false, FOUR, B, millis(400)).confirmed());

        hearings.appointed(millis(500));
        assertFalse(hearings.view(true, false, new Epoch(5), C, millis(600)).confirmed());
    }

    @Test
    void anInstanceThatSleptListensAnew() {
        hearings.heard(serving(B, 4, 7), FOUR, millis(100));

        var view = hearings.view(true, false, FOUR, B, millis(1_500));

        assertEquals(Duration.ZERO, view.listening());
        assertTrue(view.reports().isEmpty());
    }

    @Test
    void aStandbyThatStaysCountsFromItsFirstSight() {
        hearings.heard(standby(C, 7), FOUR, millis(100));
        hearings.view(true, false, FOUR, B, millis(200));

        assertEquals(
                Duration.ofMillis(300),
                hearings.view(true, false, FOUR, B, millis(500)).ready());
    }

    private static long millis(long value) {
        return Duration.ofMillis(value).toNanos();
    }
}
