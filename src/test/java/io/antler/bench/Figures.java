package io.antler.bench;

import java.util.List;
import java.util.Locale;

/** Prints what was measured: lines to read, and lines {@code figure NAME VALUE UNIT}. */
final class Figures {
    private static final double NANOS_OF_MILLISECOND = 1e6;

    private Figures() {}

    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    static void rate(String name, double perSecond, String unit) {
        say("figure %s %.0f %s", name, perSecond, unit);
    }

    static void milliseconds(String name, double nanos) {
        say("figure %s %.3f ms", name, nanos / NANOS_OF_MILLISECOND);
    }

    static void seconds(String name, double seconds) {
        say("figure %s %.2f s", name, seconds);
    }

    static void ratio(String name, double value) {
        say("figure %s %.2f ratio", name, value);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
