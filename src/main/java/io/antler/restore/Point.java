package io.antler.restore;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** What is to be restored. */
public sealed interface Point {
    /** As far as it goes. */
    record Newest() implements Point {}

    /** @param version all changes below it, none from it on */
    record Version(long version) implements Point {}

    /** Before the first change that is later. Changes tell their time in whole seconds, by the clock of the master. */
    record Time(Instant time) implements Point {}

    /**
     * @param text a version; or {@code @SECONDS} since 1970; or a date and time as {@code 2026-11-28T06:55:00}, with
     *     offset or zone ({@code Z}, {@code +01:00}, {@code [Europe/Warsaw]}) or else in {@code zone}
     * @throws IllegalArgumentException if it is none of these
     */
    static Point parse(String text, ZoneId zone) {
        try {
            if (text.matches("[0-9]{1,18}")) {
                return new Version(Long.parseLong(text));
            }
            if (text.matches("@[0-9]{1,11}")) {
                return new Time(Instant.ofEpochSecond(Long.parseLong(text.substring(1))));
            }
            TemporalAccessor parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from);
            return new Time(
                    parsed instanceof LocalDateTime local ? local.atZone(zone).toInstant() : Instant.from(parsed));
        } catch (DateTimeException _) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no point in time: a version like 120007, or a time like"
                            + " 2026-11-28T06:55:00+01:00, 2026-11-28T06:55:00 or @1795848900");
        }
    }
}
