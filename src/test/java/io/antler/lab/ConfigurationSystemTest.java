package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator's configuration of the master, on all nodes. */
@SystemTest
class ConfigurationSystemTest extends InLab {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static Path exports(AntlerNode node) {
        return node.host().directory().resolve("mfsexports.cfg");
    }

    /** Mounts it, and tries. */
    private static void write(Cluster cluster, String name) throws IOException {
        Files.createFile(cluster.freshMount().resolve(name));
    }

    @Test
    void aDifferenceIsAnAlarmAndAPushPutsItInPlaceEverywhereAlsoForTheNextMaster() throws Exception {
        Cluster cluster = Cluster.start(lab);
        AntlerNode master = cluster.master();
        AntlerNode standby = cluster.others(master).getFirst();
        write(cluster, "writable");

        Files.writeString(exports(standby), "* / ro,alldirs,maproot=0\n* . rw\n");

        cluster.awaitStatus(LIMIT, "an alarm", status -> status.node(standby.id()).stream()
                .flatMap(node -> node.alarms().stream())
                .anyMatch(alarm -> alarm.contains("mfsexports.cfg is ")));
        write(cluster, "still-writable");

        Shell.Result pushed = standby.run("bin/antler config push --config FILE");

        assertEquals(0, pushed.exitCode(), pushed.output());
        assertTrue(pushed.output().contains("in place on every node that is up"), pushed.output());
        for (AntlerNode node : cluster.nodes()) {
            assertEquals(Files.readString(exports(standby)), Files.readString(exports(node)), node.id());
        }
        cluster.awaitStatus(LIMIT, "no alarm", status -> status.nodes().stream()
                .allMatch(node -> node.alarms().isEmpty()));
        Await.until(LIMIT, "the master has read it", () -> isReadOnly(cluster));

        master.killMaster();

        cluster.awaitStatus(
                LIMIT,
                "another one serves",
                status -> status.serving() && !master.id().equals(status.master()));
        assertTrue(isReadOnly(cluster), "the next master has the exports from when it began to stand by");
    }

    private static boolean isReadOnly(Cluster cluster) {
        try {
            write(cluster, "refused-" + System.nanoTime());
            return false;
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("Read-only file system"), e::toString);
            return true;
        }
    }

    @Test
    void whatNeedsARestartIsRefused() throws Exception {
        Cluster cluster = Cluster.start(lab);
        AntlerNode node = cluster.nodes().getFirst();
        Path config = node.host().directory().resolve("mfsmaster.cfg");
        Files.writeString(config, Files.readString(config) + "MATOCL_LISTEN_PORT = 9521\n");

        Shell.Result refused = node.run("bin/antler config push --config FILE");

        assertEquals(1, refused.exitCode(), refused.output());
        assertTrue(refused.errors().contains("MATOCL_LISTEN_PORT is 9421, wanted is 9521"), refused.errors());
        assertThrows(IllegalStateException.class, refused::orThrow);
        assertEquals(
                List.of(),
                cluster.nodes().stream().filter(each -> !each.running()).toList());
    }
}
