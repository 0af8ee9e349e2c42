package io.antler.journal;

import io.antler.journal.EventStore.Change;
import io.antler.journal.EventStore.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;

/**
 * Who has which {@link SideLease}. No clock decides here, or replicas would differ: whoever wants another one's lease
 * waits until it has run out on its own clock, and names the turn that it saw run out.
 */
final class SideLeases implements EventStore.Table {
    private static final int FORMAT = 1;

    private final EventStore store;
    private final LongSupplier clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    SideLeases(EventStore store, LongSupplier clock) throws RocksDBException {
        this.store = store;
        this.clock = clock;
        load();
    }

    /** Each counts as seen just now. */
    @Override
    public void load() throws RocksDBException {
        Map<String, byte[]> stored = store.all(Kind.SIDE_LEASE);
        long now = clock.getAsLong();
        seen.keySet().retainAll(stored.keySet());
        stored.forEach((name, bytes) -> seen.put(name, new Seen(Holding.decode(bytes), now)));
    }

    /** What was asked for comes to one of these. */
    sealed interface Answer extends Outcome {}

    /** Yours, or free if that was asked for. */
    record Taken(long turn) implements Answer {}

    /** Not yours; nothing changed. */
    record HeldBy(String owner, long turn) implements Answer {}

    /**
     * @param owner empty: nobody
     * @param turn grows with everything that happens to the lease
     */
    record Holding(String owner, long turn) {
        static final Holding FREE = new Holding("", 0);

        byte[] encoded() {
            return Fields.write(FORMAT, out -> {
                out.writeUTF(owner);
                out.writeLong(turn);
            });
        }

        static Holding decode(byte[] bytes) {
            return Fields.read("a side lease", FORMAT, bytes, in -> new Holding(in.readUTF(), in.readLong()));
        }

        private Holding next(String nextOwner) {
            return new Holding(nextOwner, turn + 1);
        }

        private Optional<Holding> after(Entry.OfSideLease entry) {
            return switch (entry) {
                case Entry.TakeSideLease take ->
                    owner.isEmpty() || owner.equals(take.owner()) || turn == take.seen()
                            ? Optional.of(next(take.owner()))
                            : Optional.empty();
                case Entry.RenewSideLease renew ->
                    owner.equals(renew.owner()) ? Optional.of(next(owner)) : Optional.empty();
                case Entry.ReleaseSideLease release ->
                    owner.equals(release.owner()) && turn <= release.last() ? Optional.of(next("")) : Optional.empty();
            };
        }
    }

    /** @param at nanoseconds of this replica's clock at which it learned of this turn */
    record Seen(Holding holding, long at) {
        /** The last turn that is known to be this owner's; -1 when it is not the owner. */
        long lastOf(String owner) {
            return holding.owner().equals(owner) ? holding.turn() : -1;
        }

        /** The turn that may be taken from its owner now, who renewed it too long ago; -1 when there is none. */
        long ranOut(long now, Duration waitedOut) {
            return holding.owner().isEmpty() || now - at < waitedOut.toNanos() ? -1 : holding.turn();
        }
    }

    Seen seen(String name) {
        return seen.getOrDefault(name, new Seen(Holding.FREE, Long.MIN_VALUE));
    }

    Answer apply(Entry.OfSideLease entry, Change change) throws RocksDBException {
        Holding before = seen(entry.name()).holding();
        Optional<Holding> after = before.after(entry);
        if (after.isEmpty()) {
            return new HeldBy(before.owner(), before.turn());
        }
        change.put(Kind.SIDE_LEASE, entry.name(), after.get().encoded());
        change.then(() -> seen.put(entry.name(), new Seen(after.get(), clock.getAsLong())));
        return new Taken(after.get().turn());
    }
}
