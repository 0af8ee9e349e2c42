package io.antler.bench;

import static io.antler.bench.Figures.median;
import static io.antler.bench.Figures.say;

import io.antler.bench.raw.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code deploy/bench.sh journal}. Prints text to read and lines {@code figure NAME VALUE UNIT}. */
final class JournalBench {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration RESTART = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(2);
    private static final int MOST_ATTEMPTS = 5;
    private static final double MEBIBYTE = 1 << 20;
    private static final double NANOS_OF_SECOND = 1e9;

    private enum Part {
        APPEND,
        TLS,
        LINES,
        EVENTS,
        MEMORY,
        ELECTION,
        INSTALL,
        RECOVERY;

        /** The rest takes long, so it is left out unless it is asked for. */
        static final Set<Part> USUAL = EnumSet.complementOf(EnumSet.of(INSTALL, RECOVERY));
    }

    private final Amounts amounts;
    private final Set<Part> parts;
    private final Path directory;
    private int owned; // directories

    private JournalBench(Amounts amounts, Set<Part> parts, Path directory) {
        this.amounts = amounts;
        this.parts = parts;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        var amounts = Amounts.NORMAL;
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String argument : arguments) {
            switch (argument) {
                case "--full" -> parts.addAll(EnumSet.allOf(Part.class));
                case "--quick" -> amounts = Amounts.QUICK;
                case String name
                when Arrays.stream(Part.values()).anyMatch(part -> name(part).equals(name)) ->
                    parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
                default -> {
                    System.err.println("usage: deploy/bench.sh journal [--full | --quick] ["
                            + Arrays.stream(Part.values())
                                    .map(JournalBench::name)
                                    .collect(Collectors.joining(" | "))
                            + "] ...");
                    System.exit(2);
                }
            }
        }
        Path below = Files.createDirectories(Path.of("target", "bench-data"));
        Directories.deleteBelow(below); // earlier runs
        run(amounts, parts.isEmpty() ? Part.USUAL : parts, below);
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /** Everything in next to no time: shows that it works, measures nothing. */
    static void smoke(Path below) throws IOException {
        run(Amounts.SMOKE, EnumSet.allOf(Part.class), below);
    }

    private static void run(Amounts amounts, Set<Part> parts, Path below) throws IOException {
        Path directory = Files.createTempDirectory(below, "journal-").toAbsolutePath();
        try {
            new JournalBench(amounts, parts, directory).run();
        } finally {
            Directories.deleteBelow(directory);
        }
    }

    private void run() {
        say("Three JVMs with the journal, three with JRaft over Bolt and nothing else; logs and data in %s", directory);
        try (Group journal = Group.start(Side.journal(), directory, amounts.electionTimeout())) {
            parts.forEach(part -> run(part, journal));
        }
    }

    private void run(Part part, Group journal) {
        for (int attempt = 1; ; attempt++) {
            say("");
            try {
                switch (part) {
                    case APPEND -> appends(journal);
                    case TLS -> secured();
                    case LINES -> lines(journal);
                    case EVENTS -> events(journal);
                    case MEMORY -> memory(journal);
                    case ELECTION -> election(journal);
                    case INSTALL -> install();
                    case RECOVERY -> recovery(journal);
                }
                return;
            } catch (Console.NotLeader e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                say("%s, so once more from the beginning", String.valueOf(e.getMessage()));
            }
        }
    }

    private void appends(Group journal) {
        try (Group raw = raw()) {
            Comparison.run(raw, journal, amounts.warmUp(), amounts.turn(), amounts.turns());
        }
    }

    /** In a directory of its own: what one part stored is not there in the next. */
    private Group raw() {
        return own(below -> Side.raw(below));
    }

    private Group own(Function<Path, Side> side) {
        Path below = directory.resolve("own-" + ++owned);
        return Group.start(side.apply(below), below, amounts.electionTimeout());
    }

    private void secured() {
        List<String> nodes = IntStream.range(0, Group.SIZE)
                .mapToObj(number -> JournalNode.id(number).value())
                .toList();
        try (Group secured = own(below -> Side.secured(below, nodes))) {
            secured.askLeader("together 64 " + amounts.warmUp().toMillis(), LIMIT);
            List<Double> medians = IntStream.range(0, amounts.turns())
                    .mapToObj(_ -> secured.askLeader("alone " + amounts.turn().toMillis(), LIMIT)
                            .get("p50"))
                    .toList();
            say("one append at a time with mutual TLS, %d turns", medians.size());
            Figures.milliseconds("journal.append.p50.tls", median(medians));
        }
    }

    private void lines(Group journal) {
        NodeProcess leader = journal.leader();
        Answer written = Answer.of(leader.ask("lines 1 " + amounts.lines().toMillis(), LIMIT));
        NodeProcess follower = journal.follower();
        follower.ask("up-to-date", LIMIT);
        List<Answer> replays = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replays.add(Answer.of(follower.ask("replay", LIMIT)));
        }
        say(
                "%.0f changelog lines written in batches of %.0f, read three times on a follower: %s lines/s",
                written.get("lines"), written.get("lines") / written.get("batches"), rates(replays));
        double linesOfBatch = written.get("lines") / written.get("batches");
        double bytesOfBatch = written.get("bytes") / written.get("batches");
        Answer rawWritten;
        List<Answer> rawReplays = new ArrayList<>();
        try (Group raw = raw()) {
            rawWritten = raw.askLeader(
                    "batches %.0f %d".formatted(bytesOfBatch, amounts.lines().toMillis()), LIMIT);
            for (int i = 0; i < 3; i++) {
                rawReplays.add(Answer.of(raw.follower().ask("read", LIMIT)));
            }
        }
        say("raw: entries of the same size, %.0f written, read with readCommittedUserLog", rawWritten.get("count"));
        Figures.rate("journal.lines.rate", written.get("rate"), "lines/s");
        Figures.rate("journal.raw.lines.rate", rawWritten.get("rate") * linesOfBatch, "lines/s");
        Figures.rate("journal.replay.rate", median(rates(replays)), "lines/s");
        Figures.rate("journal.raw.replay.rate", median(rates(rawReplays)) * linesOfBatch, "lines/s");
    }

    private static List<Double> rates(List<Answer> answers) {
        return answers.stream().map(answer -> answer.get("rate")).toList();
    }

    private void events(Group journal) {
        NodeProcess leader = journal.leader();
        leader.ask("fill events " + amounts.events(), LIMIT);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            NodeProcess node = journal.nodes().get(i);
            node.ask("up-to-date", LIMIT);
            rates.add(Answer.of(node.ask("recover events", LIMIT)).get("rate"));
        }
        say("%d small events recovered by a persistent actor on each node: %s events/s", amounts.events(), rates);
        Figures.rate("journal.replay.events.rate", median(rates), "events/s");
        Figures.rate("journal.raw.replay.events.rate", rawRead(amounts.events()).get("rate"), "entries/s");
    }

    /** So many small entries into raw JRaft, and out of one node's log. */
    private Answer rawRead(int entries) {
        try (Group raw = raw()) {
            raw.askLeader("append 256 " + entries, LIMIT);
            return raw.askLeader("read", LIMIT);
        }
    }

    private void memory(Group journal) {
        long first = amounts.appends() / 10;
        journal.askLeader("append 64 " + first, LIMIT);
        NodeProcess leader = journal.leader();
        Answer before = Answer.of(leader.ask("memory", LIMIT));
        leader.ask("append 64 " + (amounts.appends() - first), LIMIT);
        Answer after = Answer.of(leader.ask("memory", LIMIT));
        say(
                "memory of the leader after %d and %d appends: heap %.1f and %.1f MiB, process %.0f and %.0f MiB",
                first,
                amounts.appends(),
                before.get("heap") / MEBIBYTE,
                after.get("heap") / MEBIBYTE,
                before.get("resident") / MEBIBYTE,
                after.get("resident") / MEBIBYTE);
        Figures.ratio("journal.memory.flat", after.get("heap") / before.get("heap"));
        Figures.ratio("journal.memory.resident.flat", after.get("resident") / before.get("resident"));
    }

    private void recovery(Group journal) {
        NodeProcess leader = journal.leader();
        leader.ask("fill many " + amounts.manyEvents(), LIMIT);
        Answer recovered = Answer.of(leader.ask("recover many", LIMIT));
        say("%.0f small events recovered by a persistent actor", recovered.get("events"));
        Figures.seconds("journal.recovery", recovered.get("seconds"));
        Figures.seconds("journal.raw.recovery", rawRead(amounts.manyEvents()).get("seconds"));
    }

    private void install() {
        double ours = install(own(_ -> Side.journal()));
        double raw = install(raw());
        say("a node that was away is given a snapshot of %d MiB", amounts.ballast() >> 20);
        Figures.seconds("journal.install", ours);
        Figures.seconds("journal.raw.install", raw);
    }

    /** Seconds from the start of the process of a node that was away until it has all. */
    private double install(Group started) {
        try (Group group = started) {
            NodeProcess absent = group.follower();
            absent.ask("up-to-date", RESTART);
            absent.kill();
            NodeProcess leader = group.leader();
            leader.ask("ballast " + amounts.ballast(), LIMIT);
            snapshots(group);
            leader.ask("append 1 1", LIMIT); // the log is kept back to the snapshot before the last one
            snapshots(group);
            long start = System.nanoTime();
            NodeProcess back = group.restart(absent, false);
            back.ask("up-to-date", LIMIT);
            double seconds = (System.nanoTime() - start) / NANOS_OF_SECOND;
            long installed = group.snapshotBytes(back);
            if (installed < amounts.ballast()) {
                throw new IllegalStateException(
                        back.name() + " has a snapshot of " + installed + " bytes: none was installed");
            }
            return seconds;
        }
    }

    private static void snapshots(Group group) {
        for (NodeProcess node : group.running()) {
            node.ask("up-to-date", LIMIT);
            node.ask("snapshot", LIMIT);
        }
    }

    private void election(Group journal) {
        List<Double> seconds = killLeaders(journal);
        say("seconds from kill -9 of the leader's JVM to the next confirmed leader: %s", seconds);
        Figures.seconds("journal.election", median(seconds));
        try (Group raw = raw()) {
            Figures.seconds("journal.raw.election", median(killLeaders(raw)));
        }
    }

    private List<Double> killLeaders(Group group) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < amounts.kills(); i++) {
            seconds.add(killLeader(group));
        }
        return seconds;
    }

    private double killLeader(Group journal) {
        NodeProcess leader = journal.leader();
        List<NodeProcess> others =
                journal.nodes().stream().filter(node -> node != leader).toList();
        others.forEach(node -> node.ask("up-to-date", RESTART));
        var next = new CompletableFuture<Long>();
        long start = System.nanoTime();
        leader.kill();
        List<Thread> watching = others.stream()
                .map(node -> Thread.startVirtualThread(() -> awaitLeader(node, next)))
                .toList();
        double seconds = (next.join() - start) / NANOS_OF_SECOND;
        join(watching);
        journal.restart(leader, false).ask("up-to-date", RESTART);
        return seconds;
    }

    /** Asks all the time, until one of those that are asked leads. */
    private static void awaitLeader(NodeProcess node, CompletableFuture<Long> next) {
        try {
            while (!next.isDone()) {
                if (Boolean.parseBoolean(node.ask("leader", RESTART))) {
                    next.complete(System.nanoTime());
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        } catch (RuntimeException e) {
            next.completeExceptionally(e);
        }
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
