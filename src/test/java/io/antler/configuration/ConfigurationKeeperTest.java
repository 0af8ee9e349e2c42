package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.Offset;
import akka.stream.javadsl.Source;
import io.antler.journal.NodeId;
import io.antler.lab.Await;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationKeeperTest {
    private static final NodeId OTHER = new NodeId("n2");

    private final ActorTestKit kit = ActorTestKit.create();
    private final AtomicReference<ConfigurationKeeper.Status> status =
            new AtomicReference<>(ConfigurationKeeper.Status.UNKNOWN);
    private final AtomicInteger reloads = new AtomicInteger();
    private volatile int failingReloads;
    private volatile String running = "";
    private final Path directory;
    private final Path exports;
    private final Path applied;

    ConfigurationKeeperTest(@TempDir Path directory) {
        this.directory = directory;
        this.exports = directory.resolve("mfsexports.cfg");
        this.applied = directory.resolve("configuration.applied");
    }

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(exports, "own\n");
        Files.writeString(directory.resolve("mfsmaster.cfg"), """
                EXPORTS_FILENAME = %s
                TOPOLOGY_FILENAME = %s
                MULTILAN_IPMAP_FILENAME = %s
                """.formatted(
                        exports, directory.resolve("topology"), directory.resolve("ipmap")));
    }

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    private ConfigurationKeeper.Program program() {
        return new ConfigurationKeeper.Program() {
            @Override
            public Path configFile() {
                return directory.resolve("mfsmaster.cfg");
            }

            @Override
            public MasterConfig running() {
                return MasterConfig.parse(configFile(), running);
            }

            @Override
            public String version() {
                return "3.0.117-1";
            }

            @Override
            public void reload() throws IOException {
                if (reloads.incrementAndGet() <= failingReloads) {
                    throw new IOException("no reload today");
                }
            }
        };
    }

    private EventEnvelope pushed(long number, String text) {
        try {
            var texts = new TreeMap<>(
                    ConfigurationFiles.read(MasterConfig.read(program().configFile()))
                            .texts());
            texts.put("mfsexports.cfg", text);
            return new EventEnvelope(
                    Offset.sequence(number),
                    ConfigurationPush.PERSISTENCE_ID,
                    number,
                    new ConfigurationPushed(texts, OTHER, 0),
                    0);
        } catch (IOException | BadMasterConfig e) {
            throw new AssertionError(e);
        }
    }

    private void keep(List<EventEnvelope> journal) {
        kit.spawn(ConfigurationKeeper.create(
                program(),
                applied,
                from -> Source.from(journal)
                        .filter(event -> event.sequenceNr() >= from)
                        .concat(Source.maybe()),
                status));
    }

    @Test
    void theNewestIsPutInPlaceOnceAndTheProgramTold() throws Exception {
        keep(List.of(pushed(1, "first\n"), pushed(2, "second\n")));

        Await.until("in place", () -> Files.exists(applied));
        assertEquals("second\n", Files.readString(exports));
        assertEquals("own\n", Files.readString(directory.resolve("mfsexports.cfg.before-push-2")));
        assertEquals("2\n", Files.readString(applied));
        assertEquals(1, reloads.get());
        var shown = ConfigurationFiles.read(MasterConfig.read(program().configFile()))
                .checksums();
        shown.put("mfsmaster", "3.0.117-1");
        shown.put("push", "2");
        Await.until("shown", () -> status.get().configuration().equals(shown));
    }

    @Test
    void whatTheOperatorEditsLaterStays() throws Exception {
        Files.writeString(applied, "2\n");
        keep(List.of(pushed(1, "first\n"), pushed(2, "second\n")));

        Await.until("looked at", () -> !status.get().configuration().isEmpty());
        Thread.sleep(1000); // nothing tells that nothing will happen
        assertEquals("own\n", Files.readString(exports));
        assertEquals(0, reloads.get());
    }

    @Test
    void oneThatCannotBePutInPlaceIsAnAlarmAndNotForgotten() throws Exception {
        EventEnvelope event = pushed(1, "new\n");
        running = "MATOCL_LISTEN_PORT = 9999\n";

        keep(List.of(event));

        Await.until("an alarm", () -> !status.get().alarms().isEmpty());
        String alarm = status.get().alarms().getFirst();
        assertTrue(
                alarm.startsWith(
                        "configuration: the one pushed from n2 is not in place on this node: MATOCL_LISTEN_PORT"),
                alarm);
        assertEquals("own\n", Files.readString(exports));
        assertTrue(Files.notExists(applied));
    }

    @Test
    void whatTheOperatorEditsAfterAPushStaysEvenIfTheProgramCouldNotBeTold() throws Exception {
        failingReloads = 1;
        keep(List.of(pushed(1, "pushed\n")));
        Await.until("an alarm", () -> !status.get().alarms().isEmpty());
        assertTrue(status.get().alarms().getFirst().endsWith("no reload today"));
        Files.writeString(exports, "edited\n");

        Await.until("told again", () -> Files.exists(applied));

        assertEquals("edited\n", Files.readString(exports));
        assertEquals(List.of(), status.get().alarms());
    }

    @Test
    void aNodeWithoutItsExportsGetsThoseThatArePushed() throws Exception {
        EventEnvelope event = pushed(1, "pushed\n");
        Files.delete(exports);

        keep(List.of(event));

        Await.until("in place", () -> Files.exists(applied));
        assertEquals("pushed\n", Files.readString(exports));
    }

    @Test
    void aFileThatCannotBeReadIsAnAlarm() throws Exception {
        Files.delete(exports);

        keep(List.of());

        Await.until("an alarm", () -> !status.get().alarms().isEmpty());
        assertTrue(status.get().alarms().getFirst().startsWith("configuration: " + exports + " does not exist"));
    }
}
