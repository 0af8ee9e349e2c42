package io.antler.master.orphans;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Epoch;
import io.antler.metalogger.ChangesBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any history, files cut anywhere and damaged: what comes out is exactly what is readable and was never journaled. */
class ComparisonSeedsTest {
    private static final int SEEDS = Integer.getInteger("antler.seeds", 200);
    private static final long FIRST = 95;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void exactlyWhatTheJournalNeverHadIsFound() {
        run(OrphanRule::isOrphan);
    }

    @Test
    void aRuleThatForgetsTheTextIsNoticed() {
        assertThrows(
                AssertionError.class, () -> run((version, _, oldest, known) -> version >= oldest && known == null));
    }

    @Test
    void aRuleThatTakesWhatIsOlderThanTheJournalIsNoticed() {
        assertThrows(AssertionError.class, () -> run((_, text, _, known) -> !text.equals(known)));
    }

    @Test
    void aRuleThatTakesOnlyWhatIsBehindTheJournalIsNoticed() {
        assertThrows(
                AssertionError.class,
                () -> run((version, text, oldest, known) ->
                        known != null && OrphanRule.isOrphan(version, text, oldest, known)));
    }

    /** Bits, bytes, blocks: whatever comes out is in the file, is not in the journal, and nothing was changed. */
    @Test
    void anyDamageIsBorne() {
        forEachSeed(random -> {
            Path files = Files.createDirectories(directory.resolve("epoch-3-" + random.nextLong()));
            Path file = files.resolve("changelog.0.mfs");
            byte[] content =
                    mutated(random, ComparisonTest.lines(FIRST, FIRST + 60, "a").getBytes(StandardCharsets.ISO_8859_1));
            Files.write(file, content);
            ChangesBatch journaled = ComparisonTest.batch(3, FIRST, FIRST + 30, "a");
            Path target = directory.resolve("found.mfs");

            OrphanSet found = Comparison.run(files, new Epoch(3), ComparisonTest.journal(journaled), target);

            List<String> lines = Files.exists(target)
                    ? Files.readString(target, StandardCharsets.ISO_8859_1)
                            .lines()
                            .toList()
                    : List.of();
            assertEquals(lines.size(), found.changes());
            Set<String> known = new HashSet<>();
            journaled.changes().forEach(change -> known.add(change.line()));
            Set<String> there = Set.copyOf(List.of(new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)));
            assertTrue(there.containsAll(lines), lines.toString());
            assertTrue(lines.stream().noneMatch(known::contains), lines.toString());
            found.remarks().forEach(remark -> assertTrue(remark.contains(file.toString()), remark));
            assertArrayEquals(content, Files.readAllBytes(file));
            Files.deleteIfExists(target);
            delete(files);
        });
    }

    @Test
    void aDamagedResultIsLeftOutAndNothingElseHappens() {
        var set = new OrphanSet("epoch-3-x", 3, "/d", 2, 120L, 121L, List.of("bad"), "2026-11-28T12:00:00Z", null);
        forEachSeed(random -> {
            Path dataDir = Files.createDirectories(directory.resolve("d" + random.nextLong()));
            Path file = Files.createDirectories(dataDir.resolve("orphans")).resolve("epoch-3-x.json");
            byte[] content = mutated(random, set.toJson().getBytes(StandardCharsets.UTF_8));
            Files.write(file, content);

            List<OrphanSet> read = Orphans.open(dataDir).all();

            assertTrue(read.stream().allMatch(each -> each.id().equals("epoch-3-x")), read.toString());
            assertArrayEquals(content, Files.readAllBytes(file));
            delete(dataDir);
        });
    }

    private static byte[] mutated(Random random, byte[] content) {
        byte[] result = content.clone();
        for (int count = 1 + random.nextInt(3); count > 0 && result.length > 0; count--) {
            int at = random.nextInt(result.length);
            int until = Math.min(result.length, at + 1 + random.nextInt(200));
            switch (random.nextInt(5)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result = Arrays.copyOf(result, at);
                case 2 -> Arrays.fill(result, at, until, (byte) 0);
                case 3 -> System.arraycopy(result, 0, result, at, Math.min(at, result.length - at));
                default -> {
                    byte[] noise = new byte[until - at];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, result, at, noise.length);
                }
            }
        }
        return result;
    }

    private interface Case {
        void play(Random random) throws IOException;
    }

    private void run(Comparison.Rule rule) {
        forEachSeed(random -> run(random, rule));
    }

    private static void forEachSeed(Case play) {
        long fresh = new Random().nextInt(1 << 30);
        System.out.println("orphans: fresh seeds from " + fresh);
        LongStream.concat(LongStream.range(0, SEEDS / 2), LongStream.range(fresh, fresh + SEEDS / 2))
                .forEach(seed -> {
                    try {
                        play.play(new Random(seed));
                    } catch (IOException | RuntimeException | AssertionError broken) {
                        throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
                    }
                });
    }

    private void run(Random random, Comparison.Rule rule) throws IOException {
        long deposed = 1L + random.nextInt(4);
        List<ChangesBatch> batches = new ArrayList<>();
        Map<Long, String> journaled = new TreeMap<>();
        long promoted = -1;
        long version = FIRST;
        for (long epoch = 1; epoch <= deposed + 1; epoch++) {
            promoted = epoch == deposed ? version : promoted;
            for (int count = random.nextInt(4); count > 0; count--) {
                long until = version + 1 + random.nextInt(12);
                ChangesBatch batch = ComparisonTest.batch(epoch, version, until, random.nextInt(8) == 0 ? "z" : "a");
                batches.add(batch);
                if (epoch <= deposed) {
                    batch.changes().forEach(change -> journaled.put(change.version(), change.text()));
                }
                version = until;
            }
        }
        int deleted = batches.isEmpty() || random.nextInt(3) > 0 ? 0 : random.nextInt(batches.size());
        List<ChangesBatch> kept = batches.subList(deleted, batches.size());
        long oldest = kept.isEmpty() ? 0 : kept.getFirst().firstVersion();
        Path files = directory.resolve("epoch-" + deposed + "-" + random.nextLong());
        Map<Long, String> readable = write(random, files, promoted, journaled);

        Path target = directory.resolve("found.mfs");
        OrphanSet found = Comparison.run(
                files, new Epoch(deposed), ComparisonTest.journal(kept.toArray(ChangesBatch[]::new)), target, rule);

        var expected = new StringBuilder();
        readable.forEach((v, text) -> {
            if (v >= oldest && !text.equals(journaled.get(v))) {
                expected.append(v).append(": ").append(text).append('\n');
            }
        });
        String written = Files.exists(target) ? Files.readString(target, StandardCharsets.ISO_8859_1) : "";
        assertEquals(expected.toString(), written);
        assertEquals(expected.toString().lines().count(), found.changes());
        try (Stream<Path> below = Files.list(directory)) {
            assertTrue(below.noneMatch(file -> file.toString().endsWith(".tmp")));
        }
        Files.deleteIfExists(target);
        delete(files);
    }

    /** What the master wrote from its promotion on, into some files; returns what can be read of it. */
    private static Map<Long, String> write(Random random, Path files, long from, Map<Long, String> journaled)
            throws IOException {
        Files.createDirectories(files);
        Map<Long, String> readable = new TreeMap<>();
        long until = Math.max(
                        from,
                        journaled.keySet().stream()
                                        .max(Comparator.naturalOrder())
                                        .orElse(from)
                                + 1)
                + random.nextInt(10);
        boolean diverges = random.nextInt(4) == 0;
        int count = 1 + random.nextInt(3);
        long next = from;
        for (int number = count - 1; number >= 0; number--) {
            long end = number == 0 ? until : next + random.nextInt((int) (until - next) + 1);
            var content = new StringBuilder();
            for (long version = next; version < end; version++) {
                String text = Objects.requireNonNullElse(
                        journaled.get(version), ComparisonTest.text(version, random.nextInt(8) == 0 ? "b" : "a"));
                if (diverges && random.nextInt(5) == 0) {
                    text = ComparisonTest.text(version, "x");
                }
                boolean broken = random.nextInt(40) == 0;
                content.append(broken ? "?" : "")
                        .append(version)
                        .append(": ")
                        .append(text)
                        .append('\n');
                if (!broken) {
                    readable.put(version, text);
                }
            }
            if (number == 0 && random.nextInt(3) == 0) {
                content.append(end).append(": 17000");
            }
            Files.writeString(files.resolve("changelog." + number + ".mfs"), content, StandardCharsets.ISO_8859_1);
            next = end;
        }
        return readable;
    }

    private static void delete(Path files) throws IOException {
        try (Stream<Path> below = Files.walk(files)) {
            for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
