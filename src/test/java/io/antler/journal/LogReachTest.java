package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class LogReachTest {
    @TempDir
    Path directory = Path.of("");

    /** What two others have is committed and applied, whether its own disk has it or not. */
    @Test
    void aLeaderThatAppliedMoreThanItsOwnLogHadStartsAgain() {
        try (var group = TestGroup.start(directory, 3)) {
            RaftGroup leader = group.awaitLeader();
            Await.of(leader.append("p", Epoch.NONE, 1, List.of(event("a"))));
            Await.of(leader.barrier());
            var applied = new CompletableFuture<Void>();
            group.hinder(leader.self(), () -> {
                Await.of(applied);
                throw new IllegalStateException("the disk is gone");
            });

            Await.of(leader.append("p", Epoch.NONE, 2, List.of(event("b"))));
            assertEquals(2, leader.fence("p").highest());
            applied.complete(null);
            group.stop(leader.self());
            group.hinder(leader.self(), () -> {});
            RaftGroup again = group.start(leader.self());

            Await.of(again.barrier());
            assertEquals(List.of("1:a", "2:b"), texts(Await.of(again.events("p", 1, 9, 9))));
        }
    }

    @Test
    void whatComesWithACopyOfAnotherNodesStoreIsNotItsOwn() throws RocksDBException {
        var own = UUID.randomUUID();
        try (var store = EventStore.open(directory)) {
            LogReach reach = LogReach.of(store, own);
            reach.follow(() -> 7);
            var replica = new Replica(store, () -> 0);
            replica.with(reach::add);

            replica.onApply(new Committed(7, LoneReplica.append("p", 1, "a"), LoneReplica.append("p", 2, "b")));

            assertEquals(8, replica.applied());
            assertEquals(7, LogReach.of(store, own).before());
            assertEquals(0, LogReach.of(store, UUID.randomUUID()).before());
        }
    }
}
