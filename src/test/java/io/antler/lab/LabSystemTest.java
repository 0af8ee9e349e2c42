package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Operation.Outcome;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab itself, with a bare master: what it says about a file system can be believed. */
@SystemTest
class LabSystemTest {
    private static final String MASTER = "10.77.0.100";

    @Test
    void aHealthyMasterLosesNothing() {
        try (var lab = Lab.open()) {
            BareMaster.start(lab.host("m1", 1), MASTER);
            ChunkServer.start(lab.host("c1", 21), MASTER);
            Mount mount = Mount.start(lab.host("client", 31), "mnt", MASTER).awaitSpace();

            DataFiles data = DataFiles.write(mount.path().resolve("data"), 3);
            Load load = Load.start(mount.path().resolve("load"), new Load.Rate(4, 400, 100));
            Await.until(Duration.ofSeconds(30), "400 files", () -> load.ledger().acknowledged() == 400);
            Ledger ledger = load.stop(Duration.ofSeconds(5));

            Mount second = Mount.start(lab.host("client2", 32), "mnt", MASTER);
            var readBack = ledger.readBack(second.path().resolve("load"));
            assertEquals(new Ledger.ReadBack(400, List.of(), List.of()), readBack);
            assertEquals(List.of(), data.verify(second.path().resolve("data")));
        }
    }

    @Test
    void aFileThatDisappearsIsFoundMissing() throws Exception {
        try (var lab = Lab.open()) {
            BareMaster.start(lab.host("m1", 1), MASTER);
            Mount mount = Mount.start(lab.host("client", 31), "mnt", MASTER);
            Load load = Load.start(mount.path(), new Load.Rate(1, 100, 10));
            Await.until(Duration.ofSeconds(30), "10 files", () -> load.ledger().acknowledged() == 10);

            Files.delete(mount.path().resolve("client0/f000003"));

            assertEquals(
                    List.of("client0/f000003"),
                    load.ledger().readBack(mount.path()).lost());
        }
    }

    @Test
    void theDeathOfTheMastersHostStopsTheFileSystemAndTheLabIsRemovedAllTheSame() {
        LabFiles files;
        try (var lab = Lab.open()) {
            files = LabFiles.all().stream()
                    .filter(each -> each.prefix().equals(lab.prefix()))
                    .findFirst()
                    .orElseThrow();
            Host host = lab.host("m1", 1);
            BareMaster.start(host, MASTER);
            Mount mount = Mount.start(lab.host("client", 31), "mnt", MASTER);
            Load load = Load.start(mount.path(), new Load.Rate(4, 200, 10_000));
            load.awaitServed(Instant.now(), Duration.ofSeconds(10));

            Instant fault = host.kill();

            assertEquals(List.of(), host.processes());
            assertThrows(
                    IllegalStateException.class,
                    () -> Await.bounded(
                            Duration.ofSeconds(3),
                            "listing",
                            () -> Files.exists(mount.path().resolve("x"))));
            Ledger ledger = load.stop(Duration.ofMillis(100));
            assertTrue(ledger.firstServedAfter(fault).isEmpty());
            assertEquals(4, ledger.count(Outcome.NOT_KNOWN));
            assertTrue(ledger.longestPause().length().compareTo(Duration.ofSeconds(2)) > 0);
            assertTrue(files.owned());
        }
        assertEquals(List.of(), files.left());
        assertFalse(Files.exists(files.directory()));
    }

    @Test
    void aHostCanBeCutOffInOneDirectionOrBothAndHealed() {
        try (var lab = Lab.open()) {
            Host one = lab.host("h1", 1);
            Host two = lab.host("h2", 2);
            awaitReaches(one, two);

            one.cut();
            assertFalse(reaches(one, two));
            one.heal();
            awaitReaches(one, two);

            one.cutOutgoing();
            assertFalse(reaches(two, one));
            one.heal();
            one.cutIncoming();
            assertFalse(reaches(two, one));
            one.heal();
            awaitReaches(two, one);
        }
    }

    @Test
    void aKilledHostBootsWithNothingOnIt() {
        try (var lab = Lab.open()) {
            Host host = lab.host("h1", 1);
            Host other = lab.host("h2", 2);
            Program sleeper = host.start("sleeper", List.of("sleep", "300"));
            Program stranger = other.start("sleeper", List.of("sleep", "300"));
            host.run("ip", "address", "add", "10.77.0.100/24", "dev", "eth0");

            host.kill();
            assertFalse(reaches(other, host));
            host.boot();

            assertFalse(sleeper.running());
            assertTrue(stranger.running());
            assertFalse(host.run("ip", "address").contains("10.77.0.100"));
            awaitReaches(other, host);
        }
    }

    /** A link that comes up again, and the neighbours' tables, take a moment. */
    private static void awaitReaches(Host from, Host to) {
        Await.until(Duration.ofSeconds(20), from.address() + " reaches " + to.address(), () -> reaches(from, to));
    }

    /** A TCP connection without an answer for a second is none; a refused one has reached the other host. */
    private static boolean reaches(Host from, Host to) {
        String test = "timeout 1 bash -c 'exec 3<>/dev/tcp/%s/9' 2>&1".formatted(to.address());
        String output =
                from.run(Duration.ofSeconds(5), List.of("bash", "-c", test)).output();
        return output.contains("refused");
    }
}
