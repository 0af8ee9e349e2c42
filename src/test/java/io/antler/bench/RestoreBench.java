package io.antler.bench;

import static io.antler.bench.Figures.median;
import static io.antler.bench.Figures.say;

import io.antler.collector.Collection;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import io.antler.restore.MetadataOwner;
import io.antler.restore.OfflineRestore;
import io.antler.restore.Point;
import io.antler.restore.RestorePlan;
import io.antler.restore.RestoreProgress;
import io.antler.restore.Restored;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code deploy/bench.sh restore}. Prints text to read and lines {@code figure NAME VALUE UNIT}.
 *
 * <p>Budget: {@code restore.rate} at least 0.9 of {@code restore.stock.rate}; {@code changelog.merge.rate} 1.5 million
 * lines in a second.
 */
final class RestoreBench {
    private static final double NANOS_OF_SECOND = 1e9;
    private static final Path PROGRAM = Path.of("/usr/sbin/mfsmaster");

    private enum Part {
        MERGE,
        RESTORE
    }

    /**
     * @param base changes in the image
     * @param changes that are replayed, and merged
     * @param rounds of each side
     */
    private record Size(int base, int changes, int rounds) {
        static final Size NORMAL = new Size(500_000, 4_000_000, 5);
        static final Size QUICK = new Size(100_000, 1_000_000, 3);
        static final Size SMOKE = new Size(1000, 5000, 1);
    }

    private final Size size;
    private final Path directory;

    private RestoreBench(Size size, Path directory) {
        this.size = size;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        var size = Size.NORMAL;
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String argument : arguments) {
            switch (argument) {
                case "--quick" -> size = Size.QUICK;
                case String name
                when Arrays.stream(Part.values()).anyMatch(part -> name(part).equals(name)) ->
                    parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
                default -> {
                    System.err.println("usage: deploy/bench.sh restore [--quick] ["
                            + String.join(
                                    " | ",
                                    Arrays.stream(Part.values())
                                            .map(RestoreBench::name)
                                            .toList())
                            + "] ...");
                    System.exit(2);
                }
            }
        }
        run(
                size,
                parts.isEmpty() ? EnumSet.allOf(Part.class) : parts,
                Files.createDirectories(Path.of("target", "bench-data")));
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /** Everything in next to no time: shows that it works, measures nothing. */
    static void smoke(Path below) throws IOException {
        run(Size.SMOKE, EnumSet.allOf(Part.class), below);
    }

    private static void run(Size size, Set<Part> parts, Path below) throws IOException {
        Path directory = Files.createTempDirectory(below, "restore-").toAbsolutePath();
        try {
            var bench = new RestoreBench(size, directory);
            for (Part part : parts) {
                say("");
                switch (part) {
                    case MERGE -> bench.merge();
                    case RESTORE -> bench.restore();
                }
                Directories.deleteBelow(directory);
            }
        } finally {
            Directories.delete(directory);
        }
    }

    /** Two places that have the same, in files that begin elsewhere. */
    private void merge() throws IOException {
        var changes = new ReplayableChanges();
        List<Place> places = new ArrayList<>();
        for (String name : List.of("one", "other")) {
            Path source = Files.createDirectories(directory.resolve(name));
            changes.write(source, 1, size.changes() + 1L, size.changes() / name.length());
            places.add(new Place.Directory(name, source));
        }
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < size.rounds(); round++) {
            long start = System.nanoTime();
            Collection collection = Collection.write(Sources.scan(places), directory.resolve("merged-" + round));
            rates.add(collection.history().lines() * NANOS_OF_SECOND / (System.nanoTime() - start));
            Directories.delete(directory.resolve("merged-" + round));
        }
        say("two sources with the same %d changes merged, compared and written; lines/s: %s", size.changes(), rates);
        Figures.rate("changelog.merge.rate", median(rates), "lines/s");
    }

    private void restore() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source"));
        long first = size.base() + 1L;
        long until = first + size.changes();
        var changes = new ReplayableChanges();
        Path base = Files.createDirectories(directory.resolve("base"));
        Files.writeString(base.resolve("metadata.mfs"), "MFSM NEW");
        changes.write(base, 1, first, size.base());
        stock(base);
        Files.move(base.resolve("metadata.mfs"), source.resolve("metadata_ml.mfs.back"));
        changes.write(source, first, until, 500_000);
        List<Double> stock = new ArrayList<>();
        List<Double> antler = new ArrayList<>();
        for (int round = 0; round < size.rounds(); round++) {
            stock.add(size.changes() / secondsOfStock(source));
            antler.add(size.changes() / secondsOfAntler(source, until));
        }
        say(
                "%d changes on an image of %d, each side in turn; changes/s of mfsmaster restore alone: %s, of antler"
                        + " restore: %s",
                size.changes(), size.base(), stock, antler);
        Figures.rate("restore.rate", median(antler), "changes/s");
        Figures.rate("restore.stock.rate", median(stock), "changes/s");
        Figures.ratio("restore.ratio", median(antler) / median(stock));
    }

    private double secondsOfStock(Path source) throws IOException {
        Path copy = Files.createDirectories(directory.resolve("stock"));
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.createLink(copy.resolve(file.getFileName()), file);
            }
        }
        long start = System.nanoTime();
        stock(copy);
        double seconds = (System.nanoTime() - start) / NANOS_OF_SECOND;
        Directories.delete(copy);
        return seconds;
    }

    private void stock(Path data) throws IOException {
        Path config =
                Files.writeString(directory.resolve("stock.cfg"), """
                WORKING_USER = %s
                WORKING_GROUP =
                NICE_LEVEL = 0
                DATA_PATH = %s
                """.formatted(System.getProperty("user.name"), data));
        try {
            Process process = new ProcessBuilder(PROGRAM.toString(), "-c", config.toString(), "restore")
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("mfsmaster restore in " + data + ": exit code " + process.exitValue());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private double secondsOfAntler(Path source, long until) throws IOException {
        Path target = directory.resolve("restored");
        long start = System.nanoTime();
        Sources sources = Sources.scan(List.of(new Place.Directory("source", source)));
        Restored restored = OfflineRestore.run(
                RestorePlan.of(sources, new Point.Newest()), PROGRAM, target, MetadataOwner.OF_PACKAGES, new Silence());
        double seconds = (System.nanoTime() - start) / NANOS_OF_SECOND;
        if (restored.reached() != until || !restored.complete()) {
            throw new IllegalStateException("restored to " + restored.reached() + " instead of " + until);
        }
        Directories.delete(target);
        return seconds;
    }

    private static final class Silence implements RestoreProgress {
        @Override
        public void reading(long version) {}

        @Override
        public void replaying(long version, long first, long until) {}
    }
}
