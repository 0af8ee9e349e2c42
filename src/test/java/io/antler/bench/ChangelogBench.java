package io.antler.bench;

import static io.antler.bench.Figures.median;
import static io.antler.bench.Figures.say;

import io.antler.cli.Commands;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code deploy/bench.sh changelog}. Prints text to read and lines {@code figure NAME VALUE UNIT}.
 *
 * <p>Budget: {@code changelog.verify.rate} 1,500,000 lines in a second, {@code changelog.explain.rate} 400,000.
 */
final class ChangelogBench {
    private static final double NANOS_OF_SECOND = 1e9;
    private static final int OF_A_FILE = 500_000;

    /** @param rounds of each, after one that does not count */
    private record Size(int changes, int rounds) {
        static final Size NORMAL = new Size(2_000_000, 7);
        static final Size QUICK = new Size(1_000_000, 3);
        static final Size SMOKE = new Size(5000, 1);
    }

    private final Size size;
    private final Path directory;

    private ChangelogBench(Size size, Path directory) {
        this.size = size;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        var size = Size.NORMAL;
        for (String argument : arguments) {
            if (!argument.equals("--quick")) {
                System.err.println("usage: deploy/bench.sh changelog [--quick]");
                System.exit(2);
            }
            size = Size.QUICK;
        }
        run(size, Files.createDirectories(Path.of("target", "bench-data")));
    }

    /** Everything in next to no time: shows that it works, measures nothing. */
    static void smoke(Path below) throws IOException {
        run(Size.SMOKE, below);
    }

    private static void run(Size size, Path below) throws IOException {
        Path directory = Files.createTempDirectory(below, "changelog-").toAbsolutePath();
        try {
            new ReplayableChanges().write(directory, 1, size.changes() + 1L, OF_A_FILE);
            var bench = new ChangelogBench(size, directory);
            bench.measure("verify");
            bench.measure("cat");
            bench.measure("explain");
            bench.measure("explain", "--json");
        } finally {
            Directories.delete(directory);
        }
    }

    private void measure(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of("changelog", command, directory.toString()));
        arguments.addAll(List.of(options));
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round <= size.rounds(); round++) {
            long start = System.nanoTime();
            int code = Commands.run(
                    OutputStream.nullOutputStream(),
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                    arguments.toArray(String[]::new));
            double rate = size.changes() / ((System.nanoTime() - start) / NANOS_OF_SECOND);
            if (code != 0) {
                throw new IllegalStateException(arguments + " ended with " + code);
            }
            if (round > 0) {
                rates.add(rate);
            }
        }
        String name = "changelog." + command + (options.length > 0 ? ".json" : "") + ".rate";
        say(
                "%s: %d changes, lines/s of each round: %s",
                String.join(" ", arguments.subList(0, 2)),
                size.changes(),
                rates.stream()
                        .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
                        .toList());
        Figures.rate(name, median(rates), "lines/s");
    }
}
