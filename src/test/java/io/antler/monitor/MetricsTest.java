package io.antler.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Epoch;
import io.antler.journal.EpochRefused;
import io.antler.journal.JournalAlarm;
import io.antler.journal.JournalStatus;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftSettings;
import io.antler.lab.Await;
import io.antler.master.orphans.Orphans;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node with a real journal of one peer shows. */
class MetricsTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) ");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(antler_[a-z_]+)[`{]");
    private static final Metrics metrics = new Metrics();

    private static String text = "";

    @BeforeAll
    static void run(@TempDir Path directory) throws IOException {
        new OrphanRoutes(Orphans.open(directory.resolve("node")), Runnable::run).observe(metrics.registry());
        try (RaftGroup group =
                RaftGroup.start(settings(directory.resolve("journal")), System::nanoTime, metrics.registry())) {
            Await.until("a leader", () -> Await.of(group.confirmedLeader()));
            Await.of(group.takeOver("p", new Epoch(2)));
            try {
                Await.of(group.renewLease("p", new Epoch(1)));
            } catch (EpochRefused counted) {
                Await.until("measured", () -> group.status().usedBytes() > 0);
            }
            text = metrics.text();
        }
    }

    @AfterAll
    static void close() {
        metrics.close();
    }

    private static RaftSettings settings(Path directory) throws IOException {
        var self = new NodeId("n1");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
            return new RaftSettings(
                    self, Map.of(self, address), directory, Duration.ofMillis(200), Duration.ofSeconds(5));
        }
    }

    private static double value(String sample) {
        return text.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(sample + " is not in\n" + text));
    }

    private static Set<String> found(Pattern pattern, String where) {
        return pattern.matcher(where)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDocumentListsExactlyWhatIsMeasured() throws IOException {
        String page = Files.readString(Path.of("docs/reference/monitoring.md"));
        Set<String> names = found(TYPE, text);

        assertEquals(
                names.stream()
                        .filter(name -> name.startsWith("antler_"))
                        .collect(Collectors.toCollection(TreeSet::new)),
                found(ROW, page.substring(0, page.indexOf("## A metalogger alone"))));
        names.stream()
                .filter(name -> !name.startsWith("antler_"))
                .forEach(name -> assertTrue(name.matches("(jvm|process|system)_.*"), name));
    }

    @Test
    void theFiguresAreThoseOfTheJournal() {
        assertEquals(1, value("antler_journal_leader"));
        assertEquals(1, value("antler_journal_refused_epochs_total"));
        assertEquals(0, value("antler_journal_apply_lag"));
        assertTrue(value("antler_journal_applied_index") >= 3, text);
        assertEquals(value("antler_journal_applied_index"), value("antler_journal_commit_index"));
        assertTrue(value("antler_journal_fsync_seconds_count") >= 3, text);
        assertTrue(value("antler_journal_disk_free_bytes") > 0, text);
        assertTrue(value("antler_journal_leader_changes_total") >= 1, text);
        assertTrue(value("jvm_threads_live_threads") > 1, text);
    }

    @Test
    void theMBeanShowsTheSame() throws Exception {
        MBeanServer server = MBeanServerFactory.newMBeanServer();
        var alarm = new JournalAlarm(JournalAlarm.Kind.DISK_LOW, true, "1 MiB free");
        var status = new JournalStatus(
                Optional.of(new NodeId("n2")), false, 12, 10, 1.5, 0.5, 1 << 20, 99, 3, 2, List.of(alarm));
        var name = new ObjectName(JournalBean.MBEAN);

        try (var _ = JournalBean.register(() -> status, server)) {
            assertEquals("n2", server.getAttribute(name, "Leader"));
            assertEquals(false, server.getAttribute(name, "Leading"));
            assertEquals(2L, server.getAttribute(name, "ApplyLag"));
            assertEquals(List.of("disk-low: 1 MiB free"), List.of((String[]) server.getAttribute(name, "Alarms")));
        }

        assertTrue(!server.isRegistered(name));
    }
}
