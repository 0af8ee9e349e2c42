package io.antler.master.orphans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.antler.journal.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanKeeperTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String ID = "epoch-3-20261128T120000";
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir
    private Path dataDir = Path.of("");

    private final AtomicReference<Epoch> fence = new AtomicReference<>(new Epoch(3));
    private final AtomicReference<Journaled> journal = new AtomicReference<>(
            ComparisonTest.journal(ComparisonTest.batch(3, 100, 120, "a"), ComparisonTest.batch(4, 120, 121, "b")));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void aDeposedMaster() throws IOException {
        Path deposed = Files.createDirectories(dataDir.resolve("deposed").resolve(ID));
        Files.writeString(deposed.resolve("changelog.0.mfs"), ComparisonTest.lines(110, 123, "a"));
        Files.createDirectories(dataDir.resolve("deposed/looked-at-by-me"));
    }

    private Orphans start() {
        Orphans orphans = Orphans.open(dataDir);
        ActorRef<OrphanKeeper.Command> _ = KIT.spawn(OrphanKeeper.create(
                dataDir.resolve("deposed"),
                orphans,
                fence::get,
                version -> journal.get().from(version),
                ForkJoinPool.commonPool(),
                SOON));
        return orphans;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not in a minute: " + what);
            Thread.sleep(10);
        }
    }

    @Test
    void itIsComparedOnceTheNextFenceIsThereAndRememberedForEver() throws Exception {
        Orphans orphans = start();
        Thread.sleep(SOON.toMillis() * 5);
        assertEquals(List.of(), orphans.all());

        fence.set(new Epoch(4));
        await("comparison", () -> orphans.count() == 3);

        assertEquals(
                ComparisonTest.lines(120, 123, "a"),
                Files.readString(orphans.changes(ID).orElseThrow()));
        assertEquals(
                List.of("orphans: " + ID
                        + " has 3 changes, 120 to 122 that the journal never had: antler orphans explain " + ID
                        + ", then antler orphans dismiss " + ID),
                orphans.alarms());
        assertEquals(orphans.all(), Orphans.open(dataDir).all());
    }

    @Test
    void dismissedOnesAreStillThereWithoutAnAlarm() throws Exception {
        fence.set(new Epoch(4));
        Orphans orphans = start();
        await("comparison", () -> orphans.count() == 3);

        assertTrue(orphans.dismiss(ID).isPresent());
        Optional<OrphanSet> again = orphans.dismiss(ID);

        assertEquals(List.of(), orphans.alarms());
        assertEquals(0, orphans.count());
        assertEquals(List.of(again.orElseThrow()), Orphans.open(dataDir).all());
        assertTrue(Files.exists(orphans.changes(ID).orElseThrow()));
        assertEquals(Optional.empty(), orphans.dismiss("epoch-9-x"));
    }

    @Test
    void aResultThatWasCutIsMadeAgain() throws Exception {
        fence.set(new Epoch(4));
        Orphans first = start();
        await("comparison", () -> first.count() == 3);
        Path result = dataDir.resolve("orphans").resolve(ID + ".json");
        Files.writeString(result, Files.readString(result).substring(0, 40));

        Orphans second = start();

        await("comparison again", () -> second.count() == 3);
    }

    @Test
    void aJournalThatCannotBeReadIsAnAlarm() throws Exception {
        fence.set(new Epoch(4));
        journal.set(_ -> {
            throw new IOException("no disk");
        });

        Orphans orphans = start();

        await("alarm", () -> !orphans.alarms().isEmpty());
        assertTrue(
                orphans.alarms().getFirst().startsWith("orphans-not-compared: "),
                orphans.alarms().getFirst());
        assertTrue(orphans.alarms().getFirst().contains("no disk"));
    }
}
