package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any damage of {@code mfsmaster.cfg}: it is read and replaced correctly, or an error names it and nothing is touched. */
class ConfigurationSeedsTest {
    private static final int SEEDS = Integer.getInteger("antler.seeds", 300);
    private static final int LARGE = 300_000;

    static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        return only >= 0 ? LongStream.of(only) : LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itIsUsedCorrectlyOrNamed(long seed, @TempDir Path directory) throws IOException {
        Path exports = Files.writeString(directory.resolve("exports"), "* / rw\n");
        Path file = directory.resolve("mfsmaster.cfg");
        byte[] damaged = damaged(
                """
                # the operator's
                DATA_PATH = %s
                EXPORTS_FILENAME = %s
                TOPOLOGY_FILENAME = %s
                MULTILAN_IPMAP_FILENAME = %s
                NICE_LEVEL = -5
                MATOCL_LISTEN_PORT = 9421
                """.formatted(directory, exports, directory.resolve("topology"), directory.resolve("ipmap")), seed);
        Files.write(file, damaged);
        MasterConfig running = MasterConfig.parse(file, "");
        try {
            MasterConfig now = MasterConfig.read(file);
            ConfigurationFiles files = ConfigurationFiles.read(now);

            files.writeTo(now, running, 1);

            assertEquals(
                    files.checksums(),
                    ConfigurationFiles.read(MasterConfig.read(file)).checksums());
        } catch (BadMasterConfig | IOException named) {
            String message = String.valueOf(named.getMessage());
            assertTrue(
                    message.contains(file.toString())
                            || message.contains("_LISTEN_PORT")
                            || message.contains("WORKING_")
                            || message.contains(directory.toString())
                            || message.contains("a configuration file has at most"),
                    message);
            assertEquals(
                    new String(damaged, StandardCharsets.ISO_8859_1),
                    Files.readString(file, StandardCharsets.ISO_8859_1));
        }
    }

    private static byte[] damaged(String text, long seed) {
        var random = new Random(seed);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        switch (random.nextInt(5)) {
            case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                int from = random.nextInt(bytes.length);
                java.util.Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(40)), (byte) 0);
            }
            case 2 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + LARGE);
            default -> {
                for (int i = 0; i < 1 + random.nextInt(8); i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }
}
