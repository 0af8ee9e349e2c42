package io.antler.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.antler.journal.Breach.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

/** The randomised tests are worth something only if they find what is wrong: each defect here must show. */
class JournalMutantsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int SEEDS = 30;
    private static final long HOUR = 3_600_000_000_000L;

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void aReplicaThatDoesNotCheckTheEpochOfAnAppendIsFound() {
        assertFound(
                asking(request -> switch (request) {
                    case Request.Append append ->
                        new Request.Append(append.persistenceId(), 0, append.first(), append.texts());
                    case Request other -> other;
                }),
                Rule.DEAD_EPOCH_IS_SILENT);
    }

    @Test
    void aSuccessorThatDoesNotWaitForTheLeaseIsFound() {
        assertFound(
                answering(answer -> answer instanceof Answer.Fenced fenced
                        ? new Answer.Fenced(fenced.highest(), Long.MIN_VALUE)
                        : answer),
                Rule.ONE_HOLDER);
    }

    @Test
    void aClockThatIsFasterThanTheDriftAllowsIsFound() {
        assertFound(
                new Mutant() {
                    @Override
                    public SkewedClock clock(LongSupplier truth, Random random) {
                        return SkewedClock.tooFast(truth, random.nextBoolean() ? 1 : 3);
                    }
                },
                Rule.ONE_HOLDER,
                Rule.ONE_SIDE_OWNER);
    }

    @Test
    void anAppendThatIsConfirmedBeforeItIsCommittedIsFound() {
        assertFound(
                disguised(real -> new Disguise(real, request -> {
                    CompletableFuture<Answer> answer = real.ask(request);
                    return request instanceof Request.Append
                            ? CompletableFuture.completedFuture(new Answer.Done())
                            : answer;
                })),
                Rule.CONFIRMED_STAYS,
                Rule.SAME_EVENT_EVERYWHERE,
                Rule.ALL_OR_NONE);
    }

    @Test
    void aReadThatDoesNotWaitForWhatIsCommittedIsFound() {
        assertFound(
                asking(request -> request instanceof Request.Read read
                        ? new Request.Read(read.persistenceId(), read.first(), false)
                        : request),
                Rule.CONFIRMED_STAYS,
                Rule.READS_NEVER_GO_BACK);
    }

    /** One that claims to have applied more than its log has is refused at its start: {@link RaftLogDamageTest}. */
    @Test
    void aStoreThatHasAnotherEventAfterARestartIsFound() {
        assertFound(
                new Mutant() {
                    @Override
                    public void beforeStart(Path directory) {
                        Path events = directory.resolve("events");
                        if (Files.exists(events)) {
                            exchangeLastEvents(events);
                        }
                    }
                },
                Rule.SAME_EVENT_EVERYWHERE,
                Rule.ONLY_WHAT_WAS_APPENDED,
                Rule.ALL_OR_NONE,
                Rule.CONFIRMED_STAYS);
    }

    private static void exchangeLastEvents(Path events) {
        EventStore store = EventStore.open(events);
        try (EventStore.Change change = store.change()) {
            var histories = new Histories(store, () -> 0);
            for (String persistenceId : histories.persistenceIds(0)) {
                long last = histories.of(persistenceId).fence().highest();
                change.append(
                        persistenceId, last, List.of(TestGroup.event("another").encoded()));
            }
            change.store(store.applied());
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        } finally {
            close(store);
        }
    }

    private static void close(EventStore store) {
        try {
            store.close();
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSnapshotWithoutAPersistenceIdIsFound() {
        assertFound(
                new Mutant() {
                    @Override
                    public void started(RaftGroup group) {
                        group.onSnapshotCopied(JournalMutantsTest::forgetChanges);
                    }
                },
                Rule.CONFIRMED_STAYS,
                Rule.READS_NEVER_GO_BACK,
                Rule.SAME_EVENT_EVERYWHERE,
                Rule.ALL_OR_NONE,
                Rule.NO_HOLE);
    }

    private static void forgetChanges(Path copy) {
        try (EventDatabase database = EventDatabase.open(copy)) {
            database.rocks().delete(database.meta(), database.unlogged(), ("p" + Workload.CHANGES).getBytes(UTF_8));
            database.flush();
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSideLeaseThatIsTakenBeforeItHasRunOutIsFound() {
        assertFound(
                answering(answer -> answer instanceof Answer.SideSeen seen
                        ? new Answer.SideSeen(seen.owner(), seen.turn(), seen.now() - HOUR, seen.now())
                        : answer),
                Rule.ONE_SIDE_OWNER);
    }

    private static Mutant asking(UnaryOperator<Request> change) {
        return disguised(real -> new Disguise(real, request -> real.ask(change.apply(request))));
    }

    private static Mutant answering(UnaryOperator<Answer> change) {
        return disguised(real -> new Disguise(real, request -> real.ask(request).thenApply(change)));
    }

    private static Mutant disguised(UnaryOperator<Peer> disguise) {
        return new Mutant() {
            @Override
            public Peer peer(Peer real) {
                return disguise.apply(real);
            }
        };
    }

    /** A real peer with another face. */
    private record Disguise(Peer real, Function<Request, CompletableFuture<Answer>> face) implements Peer {
        @Override
        public NodeId node() {
            return real.node();
        }

        @Override
        public CompletableFuture<Answer> ask(Request request) {
            return face.apply(request);
        }

        @Override
        public long now() {
            return real.now();
        }

        @Override
        public long trueTime(long reading) {
            return real.trueTime(reading);
        }
    }

    /** Which of some rules are broken depends on who looks when. */
    private static void assertFound(Mutant mutant, Rule first, Rule... others) {
        var expected = EnumSet.of(first, others);
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Breach> breaches = new MemoryRun(KIT).play(seed, mutant).breaches();
            if (!breaches.isEmpty()) {
                assertTrue(breaches.stream().anyMatch(breach -> expected.contains(breach.rule())), breaches.toString());
                System.out.println("found with seed " + seed + ": " + breaches.getFirst());
                return;
            }
        }
        throw new AssertionError("no breach within " + SEEDS + " seeds");
    }
}
