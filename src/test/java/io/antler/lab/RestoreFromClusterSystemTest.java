package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code antler restore --from cluster} while the cluster serves; a stock master elsewhere starts from what it makes. */
@SystemTest
class RestoreFromClusterSystemTest extends InLab {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration RESTORE = Duration.ofMinutes(3);
    private static final Duration STILL = Duration.ofSeconds(3);
    private static final Pattern RESULT = Pattern.compile("(?m)^result +version ([0-9]+) in ");

    @Test
    void aStockMasterStartsFromWhatARunningClusterGivesAndHasEveryAcknowledgedFile() throws IOException {
        Cluster cluster = Cluster.start(lab);
        Load load = Load.start(cluster.mount().resolve("load"), Load.Rate.STEADY);
        load.awaitServed(Instant.now().plusSeconds(2), LIMIT);
        ClusterStatus before = cluster.awaitStatus(LIMIT, "a master", ClusterStatus::serving);
        String metadataId = String.valueOf(before.metadataId());
        Host desk = lab.host("desk", 50);
        Path underLoad = desk.directory().resolve("under-load");

        Restored first = restore(desk, cluster.master(), underLoad);

        assertTrue(first.version() >= journaled(before), first.output());
        assertEquals(first.version(), header(underLoad).version());
        assertEquals(metadataId, header(underLoad).id().toString());

        AntlerNode down = cluster.others(cluster.master()).getFirst();
        down.host().kill();
        Ledger ledger = load.stop(LIMIT);
        long atLeast = journaledWhenStill(cluster);
        Host spare = lab.host("spare", 51);
        Path data = spare.directory().resolve("mfs");

        Restored second = restore(spare, cluster.master(), data);

        assertTrue(second.output().contains(down.host().address() + ":9432 gives no changes: "), second.output());
        assertTrue(second.version() >= atLeast, second.output());
        assertTrue(ledger.acknowledged() > 0);
        assertServes(spare, metadataId, second.version(), ledger);
    }

    private record Restored(long version, String output) {}

    /** @param node whose configuration tells where the cluster is */
    private static Restored restore(Host host, AntlerNode node, Path to) {
        Shell.Result result = host.run(
                RESTORE,
                List.of(
                        AntlerNode.home().resolve("bin/antler").toString(),
                        "restore",
                        "--from",
                        "cluster",
                        "--config",
                        node.host().directory().resolve("antler.conf").toString(),
                        "--to",
                        to.toString()));
        System.out.println(result.output());
        assertEquals(0, result.exitCode(), () -> result.output() + result.errors());
        Matcher version = RESULT.matcher(result.output());
        assertTrue(version.find(), result.output());
        return new Restored(Long.parseLong(version.group(1)), result.output());
    }

    private static ImageHeader header(Path directory) throws IOException {
        return ImageHeader.read(directory.resolve("metadata.mfs"));
    }

    private static long journaled(ClusterStatus status) {
        Long version =
                status.node(String.valueOf(status.master())).orElseThrow().journaled();
        assertNotNull(version);
        return version;
    }

    /** Nobody makes changes any more, so what is on its way to the journal arrives. */
    private static long journaledWhenStill(Cluster cluster) {
        long[] seen = {-1, System.nanoTime()};
        Await.until(LIMIT, "no new changes", () -> {
            long version = journaled(cluster.awaitStatus(LIMIT, "a master", ClusterStatus::serving));
            if (version != seen[0]) {
                seen[0] = version;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > STILL.toNanos();
        });
        return seen[0];
    }

    private static void assertServes(Host host, String metadataId, long version, Ledger ledger) throws IOException {
        MasterSettings settings = MasterSettings.write(host);
        assertEquals(version, header(settings.dataPath()).version());
        assertEquals(metadataId, header(settings.dataPath()).id().toString());
        Program master = BareMaster.start(host, settings);
        Mount mount = Mount.start(host, "mnt", host.address());

        Ledger.ReadBack readBack = ledger.readBack(mount.path().resolve("load"));

        assertEquals(List.of(), readBack.lost());
        assertEquals(List.of(), readBack.unexpected());
        mount.end();
        assertEquals(0, master.stop(LIMIT));
        assertTrue(header(settings.dataPath()).version() >= version);
        assertEquals(metadataId, header(settings.dataPath()).id().toString());
    }
}
