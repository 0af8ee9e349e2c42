package io.antler.bench;

import static io.antler.bench.Figures.median;
import static io.antler.bench.Figures.say;

import io.antler.bench.raw.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The same appends on both sides by turns, so that what else the machine does meets both. */
final class Comparison {
    /** Of the load. */
    enum Kind {
        ALONE("alone"),
        LANES_16("together 16"),
        LANES_64("together 64"),
        LANES_256("together 256");

        private final String command;

        Kind(String command) {
            this.command = command;
        }
    }

    private static final int MOST_ATTEMPTS = 20;
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final Group raw;
    private final Group journal;
    private final Duration turn;

    private Comparison(Group raw, Group journal, Duration turn) {
        this.raw = raw;
        this.journal = journal;
        this.turn = turn;
    }

    /**
     * Medians over all turns.
     *
     * @param warmUp of each side before the first turn, one half alone and one half on many lanes
     * @param turn of one side with one kind of load
     * @param turns how many of each
     */
    static void run(Group raw, Group journal, Duration warmUp, Duration turn, int turns) {
        new Comparison(raw, journal, turn).run(warmUp, turns);
    }

    private void run(Duration warmUp, int turns) {
        for (Group group : List.of(raw, journal)) {
            load(group, Kind.LANES_64, warmUp.dividedBy(2));
            load(group, Kind.ALONE, warmUp.dividedBy(2));
        }
        var ofRaw = new EnumMap<Kind, List<Answer>>(Kind.class);
        var ofJournal = new EnumMap<Kind, List<Answer>>(Kind.class);
        long start = System.nanoTime();
        Duration idle = Duration.ZERO;
        for (int i = 0; i < turns; i++) {
            for (Kind kind : Kind.values()) {
                Duration before = journal.processorTime();
                ofRaw.computeIfAbsent(kind, _ -> new ArrayList<>()).add(load(raw, kind, turn));
                idle = idle.plus(journal.processorTime().minus(before));
                before = raw.processorTime();
                ofJournal.computeIfAbsent(kind, _ -> new ArrayList<>()).add(load(journal, kind, turn));
                idle = idle.plus(raw.processorTime().minus(before));
            }
        }
        say(
                "%d turns of %.1f s on each side; whichever side was idle took %.1f %% of a processor",
                turns, turn.toMillis() / 1000.0, 100.0 * idle.toNanos() / (System.nanoTime() - start));
        print(ofRaw, ofJournal);
    }

    /** A turn in which the leader changes does not count. */
    private static Answer load(Group group, Kind kind, Duration length) {
        for (int attempt = 1; ; attempt++) {
            try {
                return group.askLeader(kind.command + " " + length.toMillis(), length.plus(GRACE));
            } catch (Console.NotLeader e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                say("(%s: once more)", String.valueOf(e.getMessage()));
            }
        }
    }

    private static void print(Map<Kind, List<Answer>> raw, Map<Kind, List<Answer>> journal) {
        say("");
        say("appends, medians of the turns       journal          raw");
        for (String quantile : List.of("p50", "p99")) {
            say(
                    "%-6s one at a time           %9.3f ms %9.3f ms",
                    quantile, of(journal, Kind.ALONE, quantile) / 1e6, of(raw, Kind.ALONE, quantile) / 1e6);
        }
        for (Kind kind : Kind.values()) {
            say(
                    "%-14s                  %10.0f/s %10.0f/s",
                    kind.command, of(journal, kind, "rate"), of(raw, kind, "rate"));
        }
        say("");
        Figures.ratio("journal.append.p50.ratio", of(journal, Kind.ALONE, "p50") / of(raw, Kind.ALONE, "p50"));
        Figures.milliseconds("journal.append.p50", of(journal, Kind.ALONE, "p50"));
        Figures.milliseconds("journal.append.p99", of(journal, Kind.ALONE, "p99"));
        Figures.rate("journal.append.1.rate", of(journal, Kind.ALONE, "rate"), "appends/s");
        Figures.rate("journal.append.16.rate", of(journal, Kind.LANES_16, "rate"), "appends/s");
        Figures.rate("journal.append.64.rate", of(journal, Kind.LANES_64, "rate"), "appends/s");
        Figures.rate("journal.append.256.rate", of(journal, Kind.LANES_256, "rate"), "appends/s");
        Figures.milliseconds("journal.raw.p50", of(raw, Kind.ALONE, "p50"));
        Figures.milliseconds("journal.raw.p99", of(raw, Kind.ALONE, "p99"));
        Figures.rate("journal.raw.1.rate", of(raw, Kind.ALONE, "rate"), "appends/s");
        Figures.rate("journal.raw.16.rate", of(raw, Kind.LANES_16, "rate"), "appends/s");
        Figures.rate("journal.raw.64.rate", of(raw, Kind.LANES_64, "rate"), "appends/s");
        Figures.rate("journal.raw.256.rate", of(raw, Kind.LANES_256, "rate"), "appends/s");
        Figures.ratio("journal.append.64.ratio", of(journal, Kind.LANES_64, "rate") / of(raw, Kind.LANES_64, "rate"));
    }

    private static double of(Map<Kind, List<Answer>> side, Kind kind, String name) {
        return median(side.getOrDefault(kind, List.of()).stream()
                .map(answer -> answer.get(name))
                .toList());
    }
}
