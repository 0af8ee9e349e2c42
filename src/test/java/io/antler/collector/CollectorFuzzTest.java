package io.antler.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changelogs of one history in several places, damaged at random: what comes out is right, or the error names the place. A
 * seed that ever failed stays here.
 */
class CollectorFuzzTest {
    private static final long[] ONCE_FAILED = {};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 300);
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final List<Compression> COMPRESSIONS = List.of(Compression.values());
    private static final long FIRST = 95; // so that versions get one more digit on the way
    private static final long UNTIL = 400;

    private static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        if (only >= 0) {
            return LongStream.of(only);
        }
        long fresh = new Random().nextInt(1 << 30);
        System.out.println("collector fuzz: fresh seeds from " + fresh);
        return LongStream.concat(
                LongStream.of(ONCE_FAILED),
                LongStream.concat(LongStream.range(0, SEEDS / 2), LongStream.range(fresh, fresh + SEEDS - SEEDS / 2)));
    }

    private interface Case {
        void play(Random random) throws IOException;
    }

    private static void forEachSeed(Case play) {
        seeds().forEach(seed -> {
            try {
                play.play(new Random(seed));
            } catch (AssertionError | IOException | RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + ", again: mvn test -Dtest=CollectorFuzzTest -Dantler.seed=" + seed, broken);
            }
        });
    }

    /** A part of the true history, with a hole now and then. */
    private static String part(Random random) {
        long first = FIRST + random.nextInt((int) (UNTIL - FIRST));
        long until = Math.min(UNTIL, first + 1 + random.nextInt(150));
        String lines = Told.lines(first, until);
        if (random.nextInt(3) == 0) {
            long hole = first + random.nextInt((int) (until - first));
            lines = Told.lines(first, hole) + Told.lines(Math.min(until, hole + random.nextInt(20)), until);
        }
        return lines;
    }

    private static String name(Random random, int number) {
        String[] families = {"changelog", "changelog_ml", "changelog_ml_back"};
        return "s" + random.nextInt(3) + "/" + families[random.nextInt(3)] + "." + number + ".mfs";
    }

    /** What can never make one valid line of another. */
    private static byte[] destroyed(Random random, byte[] content) {
        byte[] result = content.clone();
        int at = random.nextInt(result.length);
        switch (random.nextInt(4)) {
            case 0 -> result = Arrays.copyOf(result, at); // cut: half a line at the end
            case 1 -> Arrays.fill(result, at, Math.min(result.length, at + 1 + random.nextInt(300)), (byte) 0);
            case 2 -> result[at] = (byte) (1 + random.nextInt(9)); // a control character
            default -> result = Arrays.copyOf(result, result.length + random.nextInt(5000)); // NULs behind
        }
        return result;
    }

    /** Lines of a damaged file that are still as they were, by version. */
    private static Map<Long, String> intact(byte[] content) {
        var lines = new TreeMap<Long, String>();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            String line = text.substring(start, end + 1);
            start = end + 1;
            int colon = line.indexOf(": ");
            String digits = line.substring(0, Math.max(colon, 0));
            if (digits.matches("[0-9]{1,18}") && line.equals(Told.line(Long.parseLong(digits)))) {
                lines.put(Long.parseLong(digits), line);
            }
        }
        return lines;
    }

    @Test
    void allThatIsIntactAnywhereIsFoundAndNothingElse() {
        forEachSeed(random -> {
            var told = new Told();
            var expected = new TreeMap<Long, String>();
            int files = 1 + random.nextInt(6);
            for (int i = 0; i < files; i++) {
                byte[] content = part(random).getBytes(StandardCharsets.ISO_8859_1);
                for (int damages = random.nextInt(3); damages > 0 && content.length > 0; damages--) {
                    content = destroyed(random, content);
                }
                expected.putAll(intact(content));
                told.file(name(random, i), content);
            }

            History history = told.merge();

            assertEquals(String.join("", expected.values()), told.text());
            var versions = new TreeSet<Long>();
            history.runs()
                    .forEach(run -> LongStream.range(run.first(), run.until()).forEach(versions::add));
            assertEquals(expected.navigableKeySet(), versions);
        });
    }

    /** Bits, bytes, blocks: anything. */
    private static byte[] mutated(Random random, byte[] content) {
        byte[] result = content.clone();
        for (int i = random.nextInt(4); i >= 0 && result.length > 0; i--) {
            int at = random.nextInt(result.length);
            int length = Math.min(result.length - at, 1 + random.nextInt(100));
            switch (random.nextInt(6)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result[at] = (byte) random.nextInt(256);
                case 2 -> result = Arrays.copyOf(result, at);
                case 3 ->
                    result = joined(Arrays.copyOf(result, at), Arrays.copyOfRange(result, at + length, result.length));
                case 4 ->
                    result = joined(Arrays.copyOf(result, at + length), Arrays.copyOfRange(result, at, result.length));
                default -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, result, at, length);
                }
            }
        }
        return result;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void whateverIsInDirectoriesEndsInAResultOrANamedError(@TempDir Path directory) {
        int[] results = new int[2];
        forEachSeed(random -> {
            Path below = Files.createDirectories(directory.resolve(Long.toHexString(random.nextLong())));
            var standing = new StringBuilder();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                byte[] content = part(random).getBytes(StandardCharsets.ISO_8859_1);
                if (random.nextInt(2) == 0) {
                    content = mutated(random, content);
                }
                standing.append(new String(content, StandardCharsets.ISO_8859_1))
                        .append('\n');
                if (random.nextInt(4) == 0) {
                    content = Compressed.with(COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())), content);
                    content = random.nextInt(2) == 0 ? mutated(random, content) : content;
                }
                write(below.resolve(name(random, i)), content);
            }
            byte[] image = TestImage.of(FIRST + random.nextInt(200), ID, 50);
            write(below.resolve("s0/metadata.mfs.back"), random.nextInt(3) == 0 ? mutated(random, image) : image);
            write(below.resolve("s1/metadata_ml.mfs.back"), TestImage.of(FIRST, ID, 50));
            Files.createDirectories(below.resolve("s2"));

            Path target = below.resolve("out");
            try {
                Sources sources = Sources.scan(LongStream.range(0, 3)
                        .<Place>mapToObj(source -> new Place.Directory("s" + source, below.resolve("s" + source)))
                        .toList());
                Collection collection = Collection.write(sources, target);
                results[0]++;
                assertReachable(collection, target);
            } catch (SourceUnusable | TwoFileSystems named) {
                results[1]++;
                assertTrue(String.valueOf(named.getMessage()).contains(below.toString()), named.toString());
            }
        });
        System.out.println("collector fuzz: " + results[0] + " results, " + results[1] + " named errors");
        assertTrue(results[0] > 0);
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** What a stock master would replay: from the image on without a hole, up to the version that was told. */
    private static void assertReachable(Collection collection, Path target) throws IOException {
        long image = collection.image().orElseThrow().version();
        assertEquals(
                image, ImageHeader.read(target.resolve("metadata.mfs.back")).version());
        var versions = new TreeSet<Long>();
        for (int number = 0; Files.exists(target.resolve("changelog." + number + ".mfs")); number++) {
            String text = Files.readString(target.resolve("changelog." + number + ".mfs"), StandardCharsets.ISO_8859_1);
            assertTrue(text.endsWith("\n"));
            for (String line : text.split("\n", -1)) {
                if (!line.isEmpty()) {
                    assertTrue(versions.add(Long.parseLong(line.substring(0, line.indexOf(':')))), line);
                }
            }
        }
        assertEquals(
                LongStream.range(image, collection.reached()).boxed().toList(),
                versions.tailSet(image).stream().toList());
    }

    @Test
    void aMutatedImageIsCompleteOrANamedError() {
        forEachSeed(random -> {
            byte[] content = mutated(random, TestImage.of(FIRST, ID, 200));
            try {
                ImageHeader.read(new ByteArrayInputStream(content), "image");
                assertTrue(content.length >= 8);
            } catch (BadImage named) {
                assertTrue(String.valueOf(named.getMessage()).startsWith("image "), named.toString());
            }
        });
    }
}
