package io.antler.journal;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.Range;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk space of deleted events back, on a thread of its own. RocksDB alone would do so at some later compaction,
 * which an otherwise idle range never gets. What a snapshot of the journal still links is free when the next one replaces it.
 */
final class SpaceKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceKeeper.class);

    /** Below this it is not worth a flush. */
    private static final long WORTHWHILE_BYTES = 16 << 20;

    private final EventStore store;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("antler-journal-space").factory());

    SpaceKeeper(EventStore store) {
        this.store = store;
    }

    /** To be called when the deletion is stored. Returns at once. */
    void deleted(String persistenceId, long last) {
        try {
            executor.execute(() -> reclaim(persistenceId, last));
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: space of events of {} up to {} is given back later", persistenceId, last, e);
        }
    }

    private void reclaim(String persistenceId, long last) {
        byte[] first = EventStore.key(persistenceId, 0);
        byte[] end = EventStore.key(persistenceId, last + 1);
        try {
            store.inUse(database -> reclaim(database, first, end));
        } catch (RocksDBException e) {
            LOG.warn(
                    "{}",
                    store.failed("disk space of deleted events of " + persistenceId + " not given back", e)
                            .getMessage());
        }
    }

    private static void reclaim(EventDatabase database, byte[] first, byte[] end) throws RocksDBException {
        if (sizeBytes(database, first, end) < WORTHWHILE_BYTES) {
            return;
        }
        database.flush(); // else a crash could bring back a state that still counts these events as there
        database.rocks().deleteFilesInRanges(database.events(), List.of(first, end), false);
        try (var options = new CompactRangeOptions()
                .setExclusiveManualCompaction(false)
                .setBottommostLevelCompaction(BottommostLevelCompaction.kForce)) {
            database.rocks().compactRange(database.events(), first, end, options);
        }
    }

    private static long sizeBytes(EventDatabase database, byte[] first, byte[] end) {
        try (var from = new Slice(first);
                var to = new Slice(end)) {
            return database.rocks()
                    .getApproximateSizes(
                            database.events(),
                            List.of(new Range(from, to)),
                            SizeApproximationFlag.INCLUDE_FILES,
                            SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
        }
    }

    /** Waits for what it is doing, not for what it has not begun. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("giving back disk space still goes on after a minute; closing waits for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
