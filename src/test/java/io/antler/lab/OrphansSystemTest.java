package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A master that goes on answering clients while it cannot journal any more: what it did then is kept and told. */
@SystemTest
class OrphansSystemTest extends InLab {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int TARGET_UNUSABLE = 5;

    @Test
    void exactlyWhatTheJournalLacksIsListedAndTheNewHistoryGoesOn() throws IOException {
        Cluster cluster = Cluster.start(lab);
        Load load = Load.start(cluster.mount().resolve("load"), Load.Rate.STEADY);
        load.awaitServed(Instant.now().plusSeconds(2), LIMIT);
        AntlerNode old = cluster.master();

        cutRaft(old.host());
        Instant fault = Instant.now();
        cluster.awaitStatus(
                LIMIT, "another master", status -> status.serving() && !old.id().equals(status.master()));
        load.awaitServed(fault.plusSeconds(3), LIMIT);
        assertNotEquals(old.id(), cluster.master().id());
        healRaft(old.host());

        ClusterStatus status = cluster.awaitStatus(LIMIT, "an alarm about orphans", seen -> alarmed(seen, old));
        cluster.awaitStatus(LIMIT, old.id() + " a hot standby", seen -> seen.hotStandby(old.id()));
        AntlerNode desk = cluster.others(old).getFirst();
        JsonNode set = only(desk);
        String id = set.path("id").asText();
        assertEquals(old.id(), set.path("node").asText());
        assertTrue(status.epoch() > set.path("epoch").asLong());

        Path exported = desk.host().directory().resolve("orphans.mfs");
        desk.antler("orphans", "export", id, "--to", exported.toString()).orThrow();
        assertEquals(
                TARGET_UNUSABLE,
                desk.antler("orphans", "export", id, "--to", exported.toString())
                        .exitCode());
        List<String> orphans = lines(exported);
        assertEquals(set.path("changes").asLong(), orphans.size());
        List<String> words =
                desk.antler("orphans", "explain", id).orThrow().lines().toList();
        assertEquals(orphans.size(), words.size());
        assertTrue(words.stream().anyMatch(line -> line.contains("CREATE")), words::toString);
        assertTrue(words.stream().noneMatch(line -> line.contains("not known")), words::toString);
        assertTrue(!orphans.isEmpty());
        Set<String> expected = changelogs(Path.of(set.path("directory").asText()));
        expected.removeAll(journal(desk, cluster.master()));
        assertEquals(expected, new TreeSet<>(orphans));

        Ledger ledger = load.stop(Duration.ofSeconds(30));
        Ledger.ReadBack readBack = ledger.readBack(cluster.freshMount().resolve("load"));
        assertEquals(List.of(), readBack.unexpected());
        List<String> unexplained = readBack.lost().stream()
                .filter(file -> orphans.stream().noneMatch(line -> line.contains("," + name(file) + ",")))
                .toList();
        System.out.printf(
                "orphans: %d changes, %d acknowledged, %d of them lost%n",
                orphans.size(), ledger.acknowledged(), readBack.lost().size());
        assertEquals(List.of(), unexplained);

        assertEquals(1, desk.antler("orphans", "dismiss", id).exitCode());
        old.antler("orphans", "dismiss", id).orThrow();
        cluster.awaitStatus(LIMIT, "no alarm any more", seen -> seen.hotStandby(old.id()) && !alarmed(seen, old));
        assertTrue(only(desk).hasNonNull("dismissed"));
        assertTrue(desk.antler("orphans", "list").orThrow().contains("dismissed"));
    }

    private static String name(String file) {
        return file.substring(file.indexOf('/') + 1);
    }

    private static boolean alarmed(ClusterStatus status, AntlerNode node) {
        return status.node(node.id()).stream()
                .flatMap(seen -> seen.alarms().stream())
                .anyMatch(alarm -> alarm.startsWith("orphans: "));
    }

    private static JsonNode only(AntlerNode desk) throws IOException {
        JsonNode sets = new ObjectMapper()
                .readTree(desk.antler("orphans", "list", "--json").orThrow());
        assertEquals(1, sets.size(), sets::toString);
        return sets.get(0);
    }

    /** What the journal has, as another node gives it. */
    private static Set<String> journal(AntlerNode desk, AntlerNode node) throws IOException {
        Path collected = desk.host().directory().resolve("collected");
        desk.antler("changelog", "collect", "--from", node.host().address(), "--to", collected.toString())
                .orThrow();
        return changelogs(collected);
    }

    private static Set<String> changelogs(Path directory) throws IOException {
        Set<String> lines = new HashSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.getFileName().toString().matches("changelog\\.\\d+\\.mfs"))
                    .toList()) {
                lines.addAll(lines(file));
            }
        }
        return new TreeSet<>(lines);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }

    /** Clients still reach the host, and Akka does: only the journal does not. */
    private static void cutRaft(Host host) {
        host.run(
                "nft",
                "add table inet cut_raft; add chain inet cut_raft in { type filter hook input priority 0; };"
                        + " add chain inet cut_raft out { type filter hook output priority 0; };"
                        + " add rule inet cut_raft in tcp dport 9430 drop; add rule inet cut_raft in tcp sport 9430 drop;"
                        + " add rule inet cut_raft out tcp dport 9430 drop; add rule inet cut_raft out tcp sport 9430 drop");
    }

    private static void healRaft(Host host) {
        host.run("nft", "delete table inet cut_raft");
    }
}
