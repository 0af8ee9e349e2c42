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
            public MasterConfig config() throws BadMasterConfig {
                return MasterConfig.read(directory.resolve("mfsmaster.cfg"));
            }

            @Override
            public String version() {
                return "3.0.117-1";
            }

            @Override
            public void reload() {
                reloads.incrementAndGet();
            }
        };
    }

    private EventEnvelope pushed(long number, String text) {
        try {
            var texts =
                    new TreeMap<>(ConfigurationFiles.read(program().config()).texts());
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
        assertEquals("own\n", Files.readString(directory.resolve("mfsexports.cfg.before-push")));
        assertEquals("2\n", Files.readString(applied));
        assertEquals(1, reloads.get());
        var shown = ConfigurationFiles.read(program().config()).checksums();
        shown.put("mfsmaster", "3.0.117-1");
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
        Files.writeString(
                directory.resolve("mfsmaster.cfg"),
                Files.readString(directory.resolve("mfsmaster.cfg")) + "MATOCL_LISTEN_PORT = 9999\n");

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
    void aFileThatCannotBeReadIsAnAlarm() throws Exception {
        Files.delete(exports);

        keep(List.of());

        Await.until("an alarm", () -> !status.get().alarms().isEmpty());
        assertTrue(status.get().alarms().getFirst().startsWith("configuration: " + exports + " does not exist"));
    }
}
