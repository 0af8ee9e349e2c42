package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Compressed;
import io.antler.moosefs.Compression;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.TestImage;
import io.antler.moosefs.TestImage.Edge;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command for changelogs and images, over files that were damaged at random: its exit code is one of those in
 * docs/reference/commands.md, an error names a file, and the files are as they were. A seed that ever failed stays here.
 */
class ToolsFuzzTest {
    private static final long[] ONCE_FAILED = {1071086067};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 200);
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final List<Compression> COMPRESSIONS = List.of(Compression.values());
    private static final List<String> OPERATIONS = List.of(
            "CREATE(1,d%d,2,511,18,0,0,0):%d",
            "CREATE(3,f%%2Cx%d,1,438,18,0,0,0):%d",
            "MOVE(1,d%d,3,e):%d",
            "UNLINK(3,f%%2Cx%d):%d",
            "SETXATTR(%d,user.a,%%00%d,0)",
            "SESADD(#17,1,8,0000,0,0,999,999,0xFFFF,0,4294967295,0x00000000,174260225,/mnt%d):%d",
            "SNAPSHOT(%d,1,s,1,0,0,[0,1000],18):99,0,0,1,0,%d",
            "SCSET(x%d,0,1,,0,0,C(0:0:255),K(1:0:255),A(1:0:0:255),T(0:0:0:255),1,(1:24:0),0,0,FF,FF):%d",
            "ACCESS(%d)",
            "TRASH_RECOVER(%d,1,r,18,0,0,0):(r)",
            "SETPATH(%d,a/b)",
            "UNDEL(%d)",
            "FUTURE(%d,x)");

    private static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        if (only >= 0) {
            return LongStream.of(only);
        }
        long fresh = new Random().nextInt(1 << 30);
        System.out.println("tools fuzz: fresh seeds from " + fresh);
        return LongStream.concat(
                LongStream.of(ONCE_FAILED),
                LongStream.concat(LongStream.range(0, SEEDS / 2), LongStream.range(fresh, fresh + SEEDS - SEEDS / 2)));
    }

    private static byte[] lines(Random random) {
        var lines = new StringBuilder();
        long version = 90L + random.nextInt(20);
        for (int i = 0; i < 60; i++) {
            String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            lines.append(version++)
                    .append(": ")
                    .append(1_700_000_000L + i)
                    .append('|')
                    .append(operation.formatted(2 + random.nextInt(20), 2 + random.nextInt(20)))
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] image(Random random) {
        byte[] nodes = new byte[8 + 32 * 3 + 1];
        for (int i = 0; i < 3; i++) {
            nodes[8 + 32 * i] = (byte) (random.nextBoolean() ? 2 : 4);
            nodes[8 + 32 * i + 4] = (byte) (i + 1);
        }
        return TestImage.withSections(
                100,
                ID,
                TestImage.section("NODE 1.4", nodes),
                TestImage.edges(new Edge(1, 2, "home"), new Edge(2, 3, "x y"), new Edge(0, 4, "gone/file")),
                TestImage.section("FREE 1.0", new byte[4]),
                TestImage.section("OPEN 1.0", new byte[8]),
                TestImage.section("CHNK 1.1", new byte[25]));
    }

    private static byte[] mutated(Random random, byte[] content) {
        byte[] result = content.clone();
        for (int i = random.nextInt(4); i >= 0 && result.length > 0; i--) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(6)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result[at] = (byte) random.nextInt(256);
                case 2 -> result = Arrays.copyOf(result, at);
                case 3 -> result[at] = "(),:%[]|0\n".getBytes(StandardCharsets.US_ASCII)[random.nextInt(10)];
                case 4 -> Arrays.fill(result, at, Math.min(result.length, at + random.nextInt(50)), (byte) -1);
                default -> result = Arrays.copyOf(result, result.length + random.nextInt(300));
            }
        }
        return result;
    }

    private record Result(int code, String out, String err) {}

    private static Result run(List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Antler.run(
                new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 0, arguments.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private static List<String> command(Random random, Path directory) throws IOException {
        String a = directory.resolve("changelog.0.mfs").toString();
        String b = directory.resolve("changelog.1.mfs").toString();
        String image = directory.resolve("metadata.mfs").toString();
        List<List<String>> commands = List.of(
                List.of("changelog", "verify", directory.toString()),
                List.of("changelog", "cat", a, b),
                List.of("changelog", "cat", directory.toString(), "--from", "100", "--to", "@1700000020"),
                List.of("changelog", "merge", directory.toString()),
                List.of("changelog", "merge", a, b, "--to", directory + "-merged" + random.nextLong()),
                List.of("changelog", "diff", a, b),
                List.of("changelog", "explain", a, b),
                List.of("changelog", "explain", "--json", directory.toString(), "--image", image),
                List.of("changelog", "explain", a, "--image", image, "--path", "/home", "--inode", "3"),
                List.of("image", "info", image),
                List.of("image", "info", "--json", image),
                List.of("image", "verify", image));
        return commands.get(random.nextInt(commands.size()));
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void everyCommandEndsWithAResultOrANamedErrorAndTouchesNothing(@TempDir Path directory) {
        Map<Integer, Integer> codes = new HashMap<>();
        seeds().forEach(seed -> {
            try {
                play(new Random(seed), directory, codes);
            } catch (AssertionError | IOException | RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + ", again: mvn test -Dtest=ToolsFuzzTest -Dantler.seed=" + seed, broken);
            }
        });
        System.out.println("tools fuzz: exit codes " + codes);
        if (Long.getLong("antler.seed", -1) < 0) {
            assertTrue(codes.containsKey(0) && codes.containsKey(1) && codes.containsKey(3), codes.toString());
        }
    }

    private static void play(Random random, Path directory, Map<Integer, Integer> codes) throws IOException {
        Path below = Files.createDirectories(directory.resolve(Long.toHexString(random.nextLong())));
        for (String name : List.of("changelog.0.mfs", "changelog.1.mfs")) {
            byte[] content = lines(random);
            content = random.nextInt(4) > 0 ? mutated(random, content) : content;
            if (random.nextInt(4) == 0) {
                content = Compressed.with(COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())), content);
                content = random.nextBoolean() ? mutated(random, content) : content;
            }
            Files.write(below.resolve(name), content);
        }
        byte[] image = image(random);
        Files.write(below.resolve("metadata.mfs"), random.nextInt(3) > 0 ? mutated(random, image) : image);
        Map<String, byte[]> before = contents(below);
        for (int i = 0; i < 4; i++) {
            List<String> command = command(random, below);
            Result result = run(command);
            codes.merge(result.code(), 1, Integer::sum);
            assertTrue(List.of(0, 1, 3, 4).contains(result.code()), result + " of " + command);
            if (result.code() == 1) {
                assertTrue(result.err().contains(below.toString()), result + " of " + command);
            }
            if (!command.contains("cat") && !command.contains("merge")) { // those give lines as they are
                assertHarmless(result.out());
            }
        }
        Map<String, byte[]> after = contents(below);
        assertEquals(List.copyOf(before.keySet()), new ArrayList<>(after.keySet()));
        before.forEach((name, content) -> assertArrayEquals(content, after.get(name), name));
    }

    /** Nothing that a terminal would obey. */
    private static void assertHarmless(String out) {
        assertTrue(out.chars().noneMatch(each -> (each < ' ' && each != '\n') || (each >= 0x7F && each < 0xA0)), out);
    }
}
