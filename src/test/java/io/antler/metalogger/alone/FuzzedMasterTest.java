package io.antler.metalogger.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.util.ByteString;
import io.antler.lab.Await;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.ModelMaster;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StockView;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.keeping.Progress;
import io.antler.moosefs.MetadataId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A master whose bytes are changed on the way: bits flipped, bytes dropped, doubled, replaced. Whatever comes of it, the archive
 * is one that a master can start from, and when the bytes are right again, it ends with the master's own history.
 */
class FuzzedMasterTest {
    private static final long[] ONCE_FAILED = {};
    private static final int SEEDS = Integer.getInteger("antler.seeds", 12);
    private static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 5000, 1024 * 1024);

    private final InstantSource clock = InstantSource.system();
    private final Path kept;

    FuzzedMasterTest(@TempDir Path directory) {
        kept = directory.resolve("kept");
    }

    static LongStream seeds() {
        long only = Long.getLong("antler.seed", -1);
        return only >= 0
                ? LongStream.of(only)
                : LongStream.concat(LongStream.of(ONCE_FAILED), LongStream.range(0, SEEDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theArchiveIsUsableAndEndsAsTheMasterDoes(long seed) throws Exception {
        var random = new Random(seed);
        var alarms = new Alarms(clock);
        try (var master = new ModelMaster(ID, 100)) {
            master.through(bytes -> random.nextInt(8) == 0 ? mutated(bytes, random) : bytes);
            var follower = new Follower(
                    new Master(
                            "127.0.0.1",
                            master.changesPort().getPort(),
                            master.clientPort().getPort()),
                    SETTINGS,
                    Duration.ofMinutes(1),
                    () -> Archive.open(kept, 1 << 20, clock),
                    Elsewhere.NOWHERE,
                    alarms,
                    clock);
            follower.start();
            for (int i = 0; i < 30; i++) {
                master.change("A", random.nextInt(200));
                LockSupport.parkNanos(20_000_000);
                if (i % 10 == 9) {
                    master.hangUp();
                }
                if (Files.exists(kept.resolve("metadata_ml.mfs.back"))) {
                    StockView.of(kept);
                }
            }

            master.through(bytes -> bytes);
            master.hangUp();
            Await.until(
                    "seed " + seed + ": all stored",
                    () -> follower.progress().state() == Progress.State.FOLLOWING
                            && follower.progress().next() == master.next());
            follower.stop();

            StockView view = StockView.of(kept);
            assertEquals(master.next(), view.next());
            for (int i = 0; i < view.texts().size(); i++) {
                long version = view.image() + i;
                assertEquals(
                        master.changeOf(version).text(), view.texts().get(i), "seed " + seed + ", version " + version);
            }
        }
    }

    private static ByteString mutated(ByteString bytes, Random random) {
        if (bytes.isEmpty()) {
            return bytes;
        }
        byte[] array = bytes.toArray();
        int at = random.nextInt(array.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                array[at] ^= (byte) (1 << random.nextInt(8));
                yield ByteString.fromArray(array);
            }
            case 1 -> bytes.take(at).concat(bytes.drop(at + 1 + random.nextInt(20)));
            case 2 -> bytes.take(at).concat(bytes.drop(Math.max(0, at - random.nextInt(100))));
            default -> {
                byte[] noise = new byte[random.nextInt(64)];
                random.nextBytes(noise);
                yield ByteString.fromArray(Arrays.copyOf(array, at)).concat(ByteString.fromArray(noise));
            }
        };
    }
}
