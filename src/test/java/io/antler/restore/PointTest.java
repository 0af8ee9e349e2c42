package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Warsaw");

    @Test
    void digitsAreAVersion() {
        assertEquals(new Point.Version(120_007), Point.parse("120007", ZONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-07-28T06:55:00",
                "2026-07-28 06:55:00",
                "2026-07-28T06:55",
                "2026-07-28T04:55:00Z",
                "2026-07-28T07:55:00+03:00",
                "2026-07-28T06:55:00+02:00[Europe/Warsaw]",
                "@1785214500"
            })
    void aTimeIsOfItsOwnZoneOrOfTheMachines(String text) {
        assertEquals(new Point.Time(Instant.parse("2026-07-28T04:55:00Z")), Point.parse(text, ZONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "-5", "2026-13-01T00:00:00", "06:55", "@", "@x", "1234567890123456789012"})
    void whatIsNeitherIsNamed(String text) {
        var bad = assertThrows(IllegalArgumentException.class, () -> Point.parse(text, ZONE));

        assertTrue(bad.toString().contains("\"" + text + "\" is no point in time"), bad.toString());
    }
}
