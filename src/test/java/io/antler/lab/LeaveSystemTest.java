package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Out of Antler again, by the steps of docs/how-to/leave-antler.md as they stand there. */
@SystemTest
class LeaveSystemTest extends InLab {
    private static final Path PAGE = Path.of("docs/how-to/leave-antler.md");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String STOP = "Stop Antler on every node (SIGTERM)";
    private static final int TARGET_UNUSABLE = 5;

    @Test
    void aStockMasterGoesOnFromTheDirectoryWithEverythingThatWasAcknowledged() throws IOException {
        Cluster cluster = Cluster.start(lab);
        DataFiles data = DataFiles.write(cluster.mount().resolve("data"), 4);
        Load load = Load.start(cluster.mount().resolve("load"), Load.Rate.STEADY);
        load.awaitServed(Instant.now().plusSeconds(2), LIMIT);
        AntlerNode desk = cluster.nodes().getFirst();
        Path mine = desk.host().makeDirectory("mine");

        Shell.Result refused = desk.antler("leave", "--to", mine.toString());
        assertEquals(TARGET_UNUSABLE, refused.exitCode(), refused::errors);
        load.awaitServed(Instant.now(), LIMIT);

        aPlanThatWasGivenUp(cluster, desk, mine.resolve("first"));
        load.awaitServed(Instant.now(), LIMIT);

        Path target = mine.resolve("mfs");
        List<String> steps = steps();
        assertEquals(5, steps.size(), steps::toString);
        for (String step : steps) {
            follow(step, cluster, desk, target);
        }

        load.awaitServed(Instant.now(), LIMIT);
        Ledger ledger = load.stop(Duration.ofSeconds(30));
        Path fresh = cluster.freshMount();
        assertEquals(List.of(), data.verify(fresh.resolve("data")));
        assertEquals(List.of(), data.verify(cluster.mount().resolve("data")));
        var readBack = ledger.readBack(fresh.resolve("load"));
        assertEquals(List.of(), readBack.lost());
        assertEquals(List.of(), readBack.unexpected());
        System.out.printf(
                "left: %d acknowledged, longest pause %.2f s%n",
                ledger.acknowledged(), ledger.longestPause().seconds());
    }

    /** Left, a node restarted, and stayed after all. */
    private static void aPlanThatWasGivenUp(Cluster cluster, AntlerNode desk, Path target) {
        desk.antler("leave", "--to", target.toString()).orThrow();
        ClusterStatus left = cluster.awaitStatus(LIMIT, "left", status -> status.leaving() != null);
        assertNotNull(Objects.requireNonNull(left.leaving()).version());
        long epoch = left.epoch();
        AntlerNode other = cluster.others(desk).getFirst();
        assertEquals(0, other.stop(LIMIT));
        other.start();
        ClusterStatus still = cluster.awaitStatus(
                LIMIT, other.id() + " a standby of a cluster that was left", status -> status.hotStandby(other.id()));
        assertEquals(left.leaving(), still.leaving());
        assertEquals(epoch, still.epoch());
        assertFalse(still.serving());
        assertTrue(desk.antler("list").orThrow().contains("handed over at version "), () -> desk.antler("list")
                .output());

        desk.antler("leave", "--cancel").orThrow();

        ClusterStatus stayed = cluster.awaitStatus(LIMIT, "a master again", ClusterStatus::serving);
        assertTrue(stayed.epoch() > epoch);
        assertTrue(Files.exists(target.resolve("metadata.mfs")));
    }

    /** What is to be done, in the page's order: its commands, and the one step that is told in words. */
    private static List<String> steps() throws IOException {
        List<String> steps = new ArrayList<>();
        boolean section = false;
        boolean command = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                section = line.equals("## Leave");
            } else if (section && line.strip().equals("```")) {
                command = !command;
            } else if (section && (command || line.contains(STOP))) {
                steps.add(line.strip());
            }
        }
        return steps;
    }

    private static void follow(String step, Cluster cluster, AntlerNode desk, Path target) throws IOException {
        Host host = desk.host();
        Path config = host.directory().resolve("mfsmaster.cfg");
        if (step.equals("bin/antler leave --config FILE --to DIR")) {
            String said = desk.run(step.replace("DIR", target.toString())).orThrow();
            assertTrue(said.contains("DATA_PATH = " + target), said);
            assertEquals(List.of("metadata.mfs"), names(target));
            assertEquals("mfs", Files.getOwner(target.resolve("metadata.mfs")).getName());
        } else if (step.contains(STOP)) {
            cluster.nodes().forEach(node -> assertEquals(0, node.stop(LIMIT)));
        } else if (step.startsWith("sed ")) {
            inShell(
                    host,
                    step.replace("/etc/mfs/mfsmaster.cfg", config.toString()).replace("DIR", target.toString()));
        } else if (step.startsWith("ip address add ")) {
            inShell(host, step.replace("10.0.0.9", Cluster.ADDRESS));
        } else if (step.equals("systemctl enable --now moosefs-master")) { // the lab has no systemd
            host.start("mfsmaster", List.of("mfsmaster", "-f", "-c", config.toString(), "start"))
                    .awaitReady(LIMIT, "listens", () -> host.run("ss", "-Hltn", "sport = :9421")
                            .contains(":9421"));
        } else {
            throw new AssertionError("a step of the page that is not known here: " + step);
        }
    }

    private static void inShell(Host host, String command) {
        host.run(LIMIT, List.of("sh", "-c", command)).orThrow();
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
