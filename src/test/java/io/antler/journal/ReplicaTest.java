package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class ReplicaTest {
    private final AtomicLong clock = new AtomicLong(100);

    private static byte[] append(long sequenceNr) {
        return new Entry.Append("p", Epoch.NONE, sequenceNr, List.of(event("e").encoded())).encoded();
    }

    @Test
    void entriesThatAreAppliedAlreadyAreSkipped(@TempDir Path directory) throws RocksDBException {
        try (var store = EventStore.open(directory)) {
            new Replica(store, clock::get).onApply(new Committed(5, append(1), append(2)));

            var restarted = new Replica(store, clock::get);
            restarted.onApply(new Committed(5, append(1), append(2), append(3)));

            assertEquals(7, restarted.applied());
            assertEquals(3, restarted.histories().of("p").fence().highest());
        }
    }

    @Test
    void anEntryThatCannotBeAppliedStopsTheReplicaThere(@TempDir Path directory) throws RocksDBException {
        try (var store = EventStore.open(directory)) {
            var replica = new Replica(store, clock::get);
            var failure = new AtomicReference<@Nullable Throwable>();
            replica.onFailure(failure::set);
            var entries = new Committed(1, append(1), new byte[] {99}, append(2));

            replica.onApply(entries);

            String message = String.valueOf(failure.get());
            assertTrue(message.contains("log entry 2 not applied"), message);
            assertFalse(message.contains("disk"), message);
            assertNotNull(entries.error());
            assertEquals(1, replica.applied());
            assertEquals(1, replica.histories().of("p").fence().highest());
        }
    }

    @Test
    void onlyAFailureOfTheDiskSendsThePersonToTheDisk(@TempDir Path directory) throws RocksDBException {
        try (var store = EventStore.open(directory)) {
            assertTrue(toldOf(store, ErrorType.ERROR_TYPE_LOG).contains("check disk space"));
            assertTrue(toldOf(store, ErrorType.ERROR_TYPE_META).contains("check disk space"));
            assertFalse(toldOf(store, ErrorType.ERROR_TYPE_STATE_MACHINE).contains("disk"));
        }
    }

    private String toldOf(EventStore store, ErrorType type) throws RocksDBException {
        var replica = new Replica(store, clock::get);
        var failure = new AtomicReference<@Nullable Throwable>();
        replica.onFailure(failure::set);

        replica.onError(new RaftException(type, new Status(RaftError.EIO, "it failed")));

        return String.valueOf(failure.get());
    }

    @Test
    void aRestartedReplicaCountsAnyLeaseAsJustRenewed(@TempDir Path directory) throws RocksDBException {
        try (var store = EventStore.open(directory)) {
            var replica = new Replica(store, clock::get);
            replica.onApply(new Committed(
                    1,
                    append(1),
                    new Entry.TakeOver("q", new Epoch(1)).encoded(),
                    new Entry.RenewLease("q", new Epoch(1)).encoded(),
                    new Entry.ReleaseLease("q", new Epoch(1)).encoded()));
            assertEquals(LeaseWatch.NONE, replica.histories().leaseWatch("q"));

            clock.set(200);
            var restarted = new Replica(store, clock::get);

            assertEquals(LeaseWatch.started(200), restarted.histories().leaseWatch("q"));
            assertEquals(LeaseWatch.NONE, restarted.histories().leaseWatch("p"));
        }
    }

    @Test
    void aRefusedEntryChangesNothingButIsPassed(@TempDir Path directory) throws RocksDBException {
        try (var store = EventStore.open(directory)) {
            var replica = new Replica(store, clock::get);
            var entries = new Committed(1, append(1), append(3));

            replica.onApply(entries);

            assertNull(entries.error());
            assertEquals(2, replica.applied());
            assertEquals(1, replica.histories().of("p").fence().highest());
        }
    }
}
