package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three peers that all run. */
class RaftGroupTest {
    private static final Epoch FIRST = new Epoch(1);
    private static final Epoch SECOND = new Epoch(2);

    private static TestGroup group;

    @BeforeAll
    static void start(@TempDir Path directory) {
        group = TestGroup.start(directory, 3);
    }

    @AfterAll
    static void stop() {
        group.close();
    }

    @Test
    void anEventAppendedOnOneNodeIsReadOnAll() {
        Await.of(group.follower().append("read", Epoch.NONE, 1, List.of(event("a"), event("b"))));

        for (RaftGroup node : group.running()) {
            Await.of(node.barrier());
            assertEquals(List.of("1:a", "2:b"), texts(Await.of(node.events("read", 1, Long.MAX_VALUE, 10))));
        }
    }

    @Test
    void aFencedEpochIsRefusedByEveryNode() {
        Await.of(group.awaitLeader().takeOver("fenced", FIRST));
        Await.of(group.awaitLeader().append("fenced", FIRST, 1, List.of(event("a"))));

        var taken = Await.of(group.follower().takeOver("fenced", SECOND));

        assertEquals(new TakenOver(SECOND, 1), taken);
        for (RaftGroup node : group.running()) {
            var refused = assertThrows(
                    EpochRefused.class, () -> Await.of(node.append("fenced", FIRST, 2, List.of(event("b")))));
            assertEquals(SECOND, refused.current());
            assertThrows(EpochRefused.class, () -> Await.of(node.renewLease("fenced", FIRST)));
            assertThrows(EpochRefused.class, () -> Await.of(node.takeOver("fenced", FIRST)));
        }
    }

    @Test
    void aTakeOverIsCompleteOnlyWhenItsOwnReplicaHasItAll() {
        RaftGroup follower = group.follower();
        for (int i = 1; i <= 50; i++) {
            Await.of(group.awaitLeader().append("tail", new Epoch(i), i, List.of(event("a"))));

            var taken = Await.of(follower.takeOver("tail", new Epoch(i + 1)));

            assertEquals(i, taken.highestSequenceNr());
            assertEquals(new Fence(new Epoch(i + 1), i), follower.fence("tail"));
        }
    }

    @Test
    void anAppendThatIsRepeatedIsStoredOnce() {
        RaftGroup node = group.follower();
        var events = List.of(event("a"), event("b"));
        Await.of(node.append("again", Epoch.NONE, 1, events));

        Await.of(node.append("again", Epoch.NONE, 1, events));

        Await.of(node.barrier());
        assertEquals(2, node.fence("again").highest());
    }

    @Test
    void anotherEventUnderAStoredNumberIsRefused() {
        RaftGroup node = group.follower();
        Await.of(node.append("other", Epoch.NONE, 1, List.of(event("a"))));

        assertThrows(OutOfSequence.class, () -> Await.of(node.append("other", Epoch.NONE, 1, List.of(event("b")))));
        assertThrows(OutOfSequence.class, () -> Await.of(node.append("other", Epoch.NONE, 3, List.of(event("b")))));
    }

    @Test
    void aLargeEntryPassesAndATooLargeOneIsRefused() {
        RaftGroup node = group.follower();
        var large = new Envelope(1, "", "", "", 0, ByteString.fromArray(new byte[(4 << 20) - 200]));
        var tooLarge = new Envelope(1, "", "", "", 0, ByteString.fromArray(new byte[4 << 20]));

        for (int i = 1; i <= 5; i++) {
            Await.of(node.append("large", Epoch.NONE, i, List.of(large)));
        }

        assertThrows(EntryTooLarge.class, () -> Await.of(node.append("large", Epoch.NONE, 6, List.of(tooLarge))));
        Await.of(node.barrier());
        assertTrue(Await.of(node.events("large", 1, 5, 10)).size() < 5, "a read is bounded in bytes");
    }

    @Test
    void whoWaitsForTheNextEventIsWokenOnEveryNode() {
        var waiting = group.running().stream()
                .map(node -> node.nextEvents("live", 1, Long.MAX_VALUE, 10))
                .toList();
        assertFalse(waiting.getFirst().toCompletableFuture().isDone());

        Await.of(group.follower().append("live", Epoch.NONE, 1, List.of(event("a"))));

        waiting.forEach(events -> assertEquals(List.of("1:a"), texts(Await.of(events))));
    }

    @Test
    void deletedEventsAreGoneAndNumbersGoOn() {
        RaftGroup node = group.follower();
        Await.of(node.append("deleted", Epoch.NONE, 1, List.of(event("a"), event("b"), event("c"))));
        Await.of(node.deleteTo("deleted", 2));
        Await.of(node.barrier());

        assertEquals(List.of("3:c"), texts(Await.of(node.events("deleted", 1, Long.MAX_VALUE, 10))));
        Await.of(node.deleteTo("deleted", Long.MAX_VALUE));
        Await.of(node.append("deleted", Epoch.NONE, 4, List.of(event("d"))));
        Await.of(node.barrier()); // the leader confirmed it, this replica may be behind
        assertEquals(List.of("4:d"), texts(Await.of(node.nextEvents("deleted", 1, Long.MAX_VALUE, 10))));
    }

    @Test
    void theLeaseOfTheEpochBeforeIsSeenByTheSuccessorsReplica() {
        RaftGroup holder = group.awaitLeader();
        RaftGroup successor = group.follower();
        Await.of(holder.takeOver("lease", FIRST));
        long before = System.nanoTime();
        Await.of(holder.renewLease("lease", FIRST));

        Await.of(successor.takeOver("lease", SECOND));
        Await.of(successor.takeOver("lease", SECOND)); // a retry changes nothing
        Await.of(successor.renewLease("lease", SECOND));

        assertTrue(successor.leaseWatch("lease").older().orElseThrow() >= before);
        Await.of(successor.releaseLease("lease", SECOND));
        Await.of(holder.takeOver("lease", new Epoch(3)));
        assertTrue(holder.leaseWatch("lease").current().isEmpty());
    }

    @Test
    void leadershipMovesWhenAskedFromAnyNode() {
        RaftGroup next = group.follower();
        RaftGroup asking = group.running().stream()
                .filter(node -> node != next && !node.leader().equals(java.util.Optional.of(node.self())))
                .findAny()
                .orElseThrow();

        Await.of(asking.transferLeadershipTo(next.self()));

        Await.until("the asked one leads", () -> Await.of(next.confirmedLeader()));
        assertEquals(
                1,
                group.running().stream()
                        .filter(node -> Await.of(node.confirmedLeader()))
                        .count());
    }
}
