package io.antler.journal;

import io.antler.journal.EventStore.Change;
import io.antler.journal.EventStore.Kind;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;

/**
 * How far the log on this node's own disk reached, kept in the event store: so much it may have confirmed to others, and a
 * log that ends earlier has lost some of it. The applied index does not say that: a leader applies what a majority of the
 * others has while its own disk still writes it.
 *
 * <p>Under the name of this life of the directory, so that what comes with a copy of another node's store is not taken for
 * its own.
 */
final class LogReach {
    private final String life;
    private final long before;
    private volatile LongSupplier onDisk = () -> 0;

    private LogReach(String life, long before) {
        this.life = life;
        this.before = before;
    }

    static LogReach of(EventStore store, UUID incarnation) throws RocksDBException {
        String life = incarnation.toString();
        byte[] stored = store.all(Kind.LOG_REACH).get(life);
        return new LogReach(life, stored == null ? 0 : ByteBuffer.wrap(stored).getLong());
    }

    /** Index of the last entry of which it is known that it was on this node's disk before this start; 0: of none. */
    long before() {
        return before;
    }

    /** @param index of the last entry in this node's own log, synced; any thread may ask */
    void follow(LongSupplier index) {
        onDisk = index;
    }

    /** Entries that are not applied may be replaced by another leader's, so they do not count. */
    void add(long applied, Change change) throws RocksDBException {
        byte[] reach = ByteBuffer.allocate(Long.BYTES)
                .putLong(Math.min(applied, onDisk.getAsLong()))
                .array();
        change.put(Kind.LOG_REACH, life, reach);
    }
}
