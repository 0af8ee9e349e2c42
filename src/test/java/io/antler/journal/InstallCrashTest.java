package io.antler.journal;

import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.lab.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while a snapshot of the journal is copied to it, or takes the place of what it has. */
class InstallCrashTest {
    private static final NodeId ABSENT = new NodeId("n3");
    private static final int EVENTS = 60;
    private static final int EVENT_BYTES = 500_000;

    private static RaftSettings settings(NodeId self, Map<NodeId, InetSocketAddress> members, Path directory) {
        return new RaftSettings(
                self, members, directory.resolve(self.value()), Duration.ofMillis(400), Duration.ofSeconds(5));
    }

    /** Starts, and dies when its directory shows what it was told to wait for, and a little later. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            Path directory = Path.of(args[0]);
            Path sign = directory.resolve("n3").resolve(args[1]);
            long delay = Long.parseLong(args[2]);
            Map<NodeId, InetSocketAddress> members = new TreeMap<>();
            for (int i = 3; i < args.length; i++) {
                members.put(
                        new NodeId("n" + (i - 2)),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[i])));
            }
            Thread.ofPlatform().start(() -> {
                while (!Files.exists(sign)) {
                    Thread.onSpinWait();
                }
                LockSupport.parkNanos(delay);
                Runtime.getRuntime().halt(9);
            });
            RaftGroup group = RaftGroup.start(settings(ABSENT, members, directory));
            Await.until("the install", () -> group.fence("p").highest() == EVENTS);
            Runtime.getRuntime().halt(9); // the sign was there for too short a time to be seen
        }
    }

    private static Envelope large(int i) {
        byte[] bytes = new byte[EVENT_BYTES];
        new Random(i).nextBytes(bytes);
        return new Envelope(1, "", "", "writer", i, ByteString.fromArray(bytes));
    }

    @Test
    void aKilledInstallIsCompletedByTheNextStart(@TempDir Path directory) throws IOException, InterruptedException {
        Map<NodeId, InetSocketAddress> members = new TreeMap<>();
        for (int i = 1; i <= 3; i++) {
            members.put(new NodeId("n" + i), TestGroup.freeAddress());
        }
        try (var first = RaftGroup.start(settings(new NodeId("n1"), members, directory));
                var second = RaftGroup.start(settings(new NodeId("n2"), members, directory))) {
            for (int i = 1; i <= EVENTS; i++) {
                Await.of(first.append("p", Epoch.NONE, i, List.of(large(i))));
                if (i % 25 == 0) {
                    snapshot(first);
                    snapshot(second);
                }
            }
            String[] signs = {"raft/snapshot/temp/store", "events.new", "events.old", "events.new"};
            long[] delaysMs = {40, 2, 0, 20};
            for (int i = 0; i < signs.length; i++) {
                assertEquals(9, killed(directory, members, signs[i], delaysMs[i]), "the victim waits for " + signs[i]);
            }

            try (var back = RaftGroup.start(settings(ABSENT, members, directory))) {
                Await.of(back.barrier());

                for (int i = 1; i <= EVENTS; i++) {
                    StoredEvent event = Await.of(back.events("p", i, i, 1)).getFirst();
                    assertEquals(large(i), event.envelope());
                }
                Await.of(back.append("q", Epoch.NONE, 1, List.of(TestGroup.event("a"))));
                assertEquals(List.of("1:a"), texts(Await.of(back.nextEvents("q", 1, 1, 1))));
            }
        }
    }

    private static void snapshot(RaftGroup node) {
        Await.of(node.barrier());
        assertTrue(Await.of(node.snapshot()));
    }

    private static int killed(Path directory, Map<NodeId, InetSocketAddress> members, String sign, long delayMs)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString(),
                sign,
                Long.toString(TimeUnit.MILLISECONDS.toNanos(delayMs))));
        members.values().forEach(address -> command.add(Integer.toString(address.getPort())));
        Process victim = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(victim.waitFor(60, TimeUnit.SECONDS), "the victim still runs");
            return victim.exitValue();
        } finally {
            victim.destroyForcibly();
        }
    }
}
