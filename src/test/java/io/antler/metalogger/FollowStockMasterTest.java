package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.antler.journal.Epoch;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** With the stock master and mounts. */
@Tag("system")
class FollowStockMasterTest {
    private static final Logger LOG = LoggerFactory.getLogger(FollowStockMasterTest.class);
    private static final ActorTestKit kit = ActorTestKit.create(TestConfig.forJournal());
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final TestProbe<Metalogger.Event> owner = kit.createTestProbe();
    private final TestProbe<Metalogger.BarrierPassed> caller = kit.createTestProbe();
    private final Path directory;
    private final RealMaster master;

    FollowStockMasterTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.master = RealMaster.start(directory);
    }

    @BeforeEach
    void emptyJournal() {
        journal.clearAll();
    }

    @AfterEach
    void stop() throws IOException {
        master.close();
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    private ActorRef<Metalogger.Command> follow(long next) throws IOException {
        var writer = kit.spawn(ChangesWriter.create(new Epoch(1), next));
        return kit.spawn(Metalogger.create(master.target(), next, TestConfig.settings(), writer, owner.getRef()));
    }

    private Metalogger.Event next(Class<? extends Metalogger.Event> wanted) {
        Metalogger.Event event = owner.receiveMessage(PATIENCE);
        while (!wanted.isInstance(event)) {
            assertTrue(event instanceof Metalogger.Journaled || event instanceof Metalogger.InSync, event::toString);
            event = owner.receiveMessage(PATIENCE);
        }
        return event;
    }

    private List<Change> journaled() {
        List<Change> changes = new ArrayList<>();
        journal.persistedInStorage(Changes.PERSISTENCE_ID)
                .forEach(event -> changes.addAll(((ChangesBatch) event).changes()));
        return changes;
    }

    private static void assertContiguousFrom(long first, List<Change> changes) {
        for (int i = 0; i < changes.size(); i++) {
            assertEquals(first + i, changes.get(i).version());
        }
    }

    private long barrier(ActorRef<Metalogger.Command> metalogger) {
        metalogger.tell(new Metalogger.Barrier(caller.getRef()));
        return caller.receiveMessage(PATIENCE).nextVersion();
    }

    @Test
    void whatAClientHasDoneIsJournaledWhenTheBarrierIsPassed() throws Exception {
        Path mount = master.mount();
        long start = master.ask().metadataVersion();
        var metalogger = follow(start);
        assertEquals(new Metalogger.InSync(start), next(Metalogger.InSync.class));

        for (int i = 0; i < 100; i++) {
            String name = "caf\u00e9, (" + i + ") 100%";
            Files.createDirectory(mount.resolve(name));
            long version = master.ask().metadataVersion();

            assertTrue(barrier(metalogger) >= version);

            String last = journaled().getLast().text();
            assertTrue(last.contains("|CREATE(1,caf%C3%A9%2C %28" + i + "%29 100%25,2,"), last);
        }
        assertContiguousFrom(start, journaled());
        long begin = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            barrier(metalogger);
        }
        LOG.info("{} us for a barrier with nothing to store", (System.nanoTime() - begin) / 500_000);
    }

    @Test
    void allThatManyClientsDoIsFollowedAndEqualsTheMastersOwnFile() throws Exception {
        for (int i = 0; i < 4; i++) {
            master.mount();
        }
        var metalogger = follow(1);
        next(Metalogger.InSync.class);
        long from = barrier(metalogger);

        long begin = System.nanoTime();
        master.makeDirectories(8, 500);
        long to = barrier(metalogger);
        double seconds = (System.nanoTime() - begin) / 1e9;
        master.kill();
        var ended = (Metalogger.Ended) next(Metalogger.Ended.class);

        LOG.info(
                "{} changes/s followed, {} changes in {} events",
                Math.round((to - from) / seconds),
                to - from,
                journal.persistedInStorage(Changes.PERSISTENCE_ID).size());
        assertTrue(to - from >= 4 * 8 * 500, () -> from + " to " + to);
        var changes = journaled();
        assertContiguousFrom(1, changes);
        String log = Files.readString(directory.resolve("data/changelog.0.mfs"), StandardCharsets.ISO_8859_1);
        var lines = Arrays.stream(log.split("\n")).map(Change::parse).toList();
        int common = Math.min(lines.size(), changes.size()); // a killed master's file may end earlier
        assertTrue(common >= to - 1, ended.reason() + ": " + lines.size() + " lines");
        assertEquals(lines.subList(0, common), changes.subList(0, common));
    }

    @Test
    void aLongReplayIsCaughtUpAndProved() throws Exception {
        master.mount();
        master.mount();
        master.makeDirectories(8, 1400);
        long present = master.ask().metadataVersion();

        long begin = System.nanoTime();
        var metalogger = follow(1);
        var inSync = (Metalogger.InSync) next(Metalogger.InSync.class);
        double seconds = (System.nanoTime() - begin) / 1e9;

        LOG.info("{} changes/s replayed, {} changes", Math.round(present / seconds), present);
        assertTrue(present > 2 * ChangeStream.REPLAY_GROUP);
        assertEquals(present, inSync.nextVersion());
        assertEquals(present, barrier(metalogger));
        assertContiguousFrom(1, journaled());
        assertEquals(present - 1, journaled().size());
    }

    @Test
    void aMasterThatDoesNotHaveTheChangesIsNoticedAtOnce() throws Exception {
        long present = master.ask().metadataVersion();

        follow(0);

        var ended = (Metalogger.Ended) next(Metalogger.Ended.class);
        assertTrue(ended.reason().contains("at version " + present), ended.reason());
        assertEquals(List.of(), journaled());
    }

    @Test
    void theImageOfAFreshMasterIsFetched() throws Exception {
        Path target = directory.resolve("image");

        var header = ImageDownload.fetch(master.changesPort(), target, Duration.ofSeconds(5));

        assertTrue(header.isNew());
        assertEquals(header, ImageHeader.read(target));
    }

    @Test
    void theImageOfAMasterThatWasRestartedIsACheckpoint() throws Exception {
        master.mount();
        master.makeDirectories(4, 200);
        master.restart();
        var answer = master.ask();
        Path target = directory.resolve("image");

        var header = ImageDownload.fetch(master.changesPort(), target, Duration.ofSeconds(5));
        var checkpoint = Checkpoints.open(directory.resolve("checkpoints")).add(target);

        assertEquals(new ImageHeader(header.version(), answer.id(), false, 0x15), header);
        assertTrue(header.version() > 800 && header.version() <= answer.metadataVersion(), header + " " + answer);
        assertEquals(header.version(), checkpoint.version());
        assertEquals(-1, Files.mismatch(target, directory.resolve("data/metadata.mfs.back")));
    }
}
