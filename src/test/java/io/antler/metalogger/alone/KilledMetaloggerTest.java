package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.archive.StockView;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The metalogger as a process that is killed at any instant, while changes come, files are closed, images stored, old ones deleted and
 * compressed, and the master is started again, also without its last changes. A seed gives the same plan, though not the same
 * instants; one that ever failed stays here.
 */
@Tag("system")
class KilledMetaloggerTest {
    private static final long[] ONCE_FAILED = {};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 2);
    private static final int KILLS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    /** From that version on the master's changes begin with that word. */
    private record Reign(long from, String word) {}

    private final List<Reign> reigns = new ArrayList<>(List.of(new Reign(100, "A")));
    private final Path directory;
    private int knownHistory;

    KilledMetaloggerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        return only >= 0
                ? LongStream.of(only)
                : LongStream.concat(LongStream.of(ONCE_FAILED), LongStream.range(0, SEEDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMasterCouldStartFromTheDirectoryWheneverItIsKilled(long seed) throws Exception {
        var random = new Random(seed);
        long known = 0;
        try (var master = new ModelMaster(ID, 100)) {
            for (int round = 0; round < KILLS; round++) {
                try (var metalogger = MetaloggerProcess.start(directory, master.changesPort(), master.clientPort())) {
                    load(master, random, Duration.ofMillis(random.nextInt(3000)));
                    metalogger.kill();
                    known = judge(known, seed, round, metalogger);
                }
            }
            try (var metalogger = MetaloggerProcess.start(directory, master.changesPort(), master.clientPort())) {
                if (!Await.holdsWithin(PATIENCE, () -> isAsFarAs(master.next()))) {
                    throw new AssertionError("seed " + seed + ": not stored up to " + master.next() + "\n"
                            + String.join(" ", names()) + "\n" + metalogger.log());
                }
                assertEquals(0, metalogger.stop());
            }
            judge(known, seed, KILLS, null);
            assertEquals(master.next(), StockView.of(kept()).next());
        }
    }

    private Path kept() {
        return directory.resolve("kept");
    }

    /** Some 20,000 changes a second, an image now and then, and perhaps a restart of the master. */
    private void load(ModelMaster master, Random random, Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            master.change(reigns.getLast().word(), random.nextInt(400));
            if (random.nextInt(10) == 0) {
                master.save();
            }
            LockSupport.parkNanos(10_000_000);
        }
        if (random.nextInt(3) == 0) {
            long lost = Math.min(random.nextInt(60), master.next() - 100 - 1);
            master.restart(master.next() - lost);
            reigns.add(new Reign(master.next(), String.valueOf((char) ('A' + reigns.size()))));
            master.change(reigns.getLast().word(), 1 + random.nextInt(2000));
            LockSupport.parkNanos(1_000_000L * random.nextInt(500));
        }
    }

    /** @return version that must never be lost from now on */
    private long judge(long known, long seed, int round, @Nullable MetaloggerProcess metalogger) throws IOException {
        String again = "seed " + seed + ", kill " + round + ": ";
        if (!Files.exists(kept().resolve("antler.archive"))) {
            return known; // killed before the first image
        }
        StockView view;
        try {
            view = StockView.of(kept());
        } catch (AssertionError broken) {
            String names = String.join(" ", names());
            if (known == 0 && names.isEmpty()) {
                return 0;
            }
            throw new AssertionError(
                    again + broken.getMessage() + "\n" + names + "\n" + (metalogger == null ? "" : metalogger.log()));
        }
        int history = history(view);
        assertTrue(history >= 0, again + "texts of no single history of the master");
        boolean mayHaveLost = knownHistory < reigns.size() - 1; // the master has taken some back since then
        assertTrue(mayHaveLost || view.next() >= known, again + "version " + view.next() + " after " + known);
        knownHistory = history;
        return view.next();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(kept())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("metadata") || name.startsWith("changelog"))
                    .sorted()
                    .toList();
        }
    }

    /** A file may be closed, moved or deleted while one looks. */
    private boolean isAsFarAs(long version) {
        try {
            return StockView.of(kept()).next() == version;
        } catch (IOException | AssertionError changing) {
            return false;
        }
    }

    /** @return how many restarts of the master it knows of, at most; -1 if it is of no history at all */
    private int history(StockView view) {
        for (int last = reigns.size() - 1; last >= 0; last--) {
            if (isOf(view, reigns.subList(0, last + 1))) {
                return last;
            }
        }
        return -1;
    }

    private static boolean isOf(StockView view, List<Reign> history) {
        for (int i = 0; i < view.texts().size(); i++) {
            long version = view.image() + i;
            String word = history.stream()
                    .filter(reign -> reign.from() <= version)
                    .reduce((_, later) -> later)
                    .orElseThrow()
                    .word();
            if (!view.texts().get(i).contains("|" + word + "(" + version + ",")) {
                return false;
            }
        }
        return true;
    }
}
