package io.antler.cli;

import io.antler.restore.Point;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A part of a history: versions and seconds, the first and the last included.
 *
 * @param firstVersion and {@code lastVersion}; 0 and {@link Long#MAX_VALUE} if they do not matter
 * @param firstSecond and {@code lastSecond} the same
 */
record Bounds(long firstVersion, long lastVersion, long firstSecond, long lastSecond) {
    /**
     * @param from version or time; null: from the beginning
     * @param to the same; null: to the end
     */
    static Bounds of(CommandLine line, String fromName, @Nullable String from, String toName, @Nullable String to) {
        Point first = point(line, fromName, from);
        Point last = point(line, toName, to);
        return new Bounds(
                first instanceof Point.Version point ? point.version() : 0,
                last instanceof Point.Version point ? point.version() : Long.MAX_VALUE,
                first instanceof Point.Time point ? point.time().getEpochSecond() : 0,
                last instanceof Point.Time point ? point.time().getEpochSecond() : Long.MAX_VALUE);
    }

    /** @throws CommandLine.ParameterException if it is none; null: the newest */
    static Point point(CommandLine line, String name, @Nullable String text) {
        try {
            return text == null ? new Point.Newest() : Point.parse(text, ZoneId.systemDefault());
        } catch (IllegalArgumentException bad) {
            throw new CommandLine.ParameterException(line, name + ": " + bad.getMessage());
        }
    }

    boolean has(long version, long second) {
        return version >= firstVersion && version <= lastVersion && second >= firstSecond && second <= lastSecond;
    }
}
