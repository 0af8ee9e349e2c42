package io.antler.journal;

import static io.antler.invariant.Invariant.EPOCH_GROWS;

import io.antler.journal.EventStore.Change;
import io.antler.journal.EventStore.Kind;
import io.antler.journal.Fence.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.rocksdb.RocksDBException;

/**
 * The events of all persistence ids on this replica: what is stored, who may write, and what was seen of each mastership
 * lease. One thread applies; any thread asks.
 */
final class Histories {
    private final EventStore store;
    private final LongSupplier clock;
    private final Map<String, History> histories = new ConcurrentHashMap<>();
    private final Map<String, LeaseWatch> leases = new ConcurrentHashMap<>();
    private final Arrivals arrivals = new Arrivals();

    Histories(EventStore store, LongSupplier clock) throws RocksDBException {
        this.store = store;
        this.clock = clock;
        load();
    }

    /** @param deletedTo highest deleted sequence number; 0 when none is */
    record History(Fence fence, long deletedTo) {
        static final History NONE = new History(Fence.NONE, 0);
        private static final int FORMAT = 1;

        private byte[] encoded() {
            return Fields.write(FORMAT, out -> {
                out.writeLong(fence.epoch().value());
                out.writeLong(fence.highest());
                out.writeLong(deletedTo);
            });
        }

        private static History decode(byte[] bytes) {
            return Fields.read(
                    "meta data of a persistence id",
                    FORMAT,
                    bytes,
                    in -> new History(new Fence(new Epoch(in.readLong()), in.readLong()), in.readLong()));
        }
    }

    /** All that the store has. What was renewed while this replica did not look is not known: each lease counts as just renewed. */
    private void load() throws RocksDBException {
        store.all(Kind.HISTORY).forEach((persistenceId, bytes) -> histories.put(persistenceId, History.decode(bytes)));
        long now = clock.getAsLong();
        leases.putAll(histories.entrySet().stream()
                .filter(history -> history.getValue().fence().epoch().compareTo(Epoch.NONE) > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, _ -> LeaseWatch.started(now))));
    }

    History of(String persistenceId) {
        return histories.getOrDefault(persistenceId, History.NONE);
    }

    Set<String> persistenceIds() {
        return Set.copyOf(histories.keySet());
    }

    LeaseWatch leaseWatch(String persistenceId) {
        return leases.getOrDefault(persistenceId, LeaseWatch.NONE);
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Verdict apply(Entry.OfEvents entry, Change change) throws RocksDBException {
        String persistenceId = entry.persistenceId();
        History before = of(persistenceId);
        Verdict verdict = decide(before.fence(), entry);
        if (!(verdict instanceof Verdict.Accepted(Fence after))) {
            return verdict;
        }
        EPOCH_GROWS.check(
                after.epoch().compareTo(before.fence().epoch()) >= 0,
                "%s: epoch %s after %s",
                persistenceId,
                after.epoch(),
                before.fence().epoch());
        long deletedTo = before.deletedTo();
        if (entry instanceof Entry.Append append && !after.equals(before.fence())) {
            change.append(persistenceId, append.first(), append.events());
        }
        if (entry instanceof Entry.DeleteTo delete) {
            deletedTo = Math.max(deletedTo, Math.min(delete.last(), after.highest()));
            if (deletedTo > before.deletedTo()) {
                change.deleteRange(persistenceId, before.deletedTo() + 1, deletedTo);
            }
        }
        var history = new History(after, deletedTo);
        if (!history.equals(before)) {
            change.put(Kind.HISTORY, persistenceId, history.encoded());
        }
        change.then(() -> applied(entry, before, history));
        return verdict;
    }

    private Verdict decide(Fence fence, Entry.OfEvents entry) throws RocksDBException {
        return switch (entry) {
            case Entry.Append append -> {
                Verdict verdict = fence.append(
                        append.writer(), append.first(), append.events().size());
                yield !(verdict instanceof Verdict.Accepted)
                                && store.holds(append.persistenceId(), append.first(), append.events())
                        ? new Verdict.Accepted(fence) // a retry of what is stored already
                        : verdict;
            }
            case Entry.TakeOver takeOver -> fence.takeOver(takeOver.epoch());
            case Entry.RenewLease renew -> fence.lease(renew.epoch());
            case Entry.ReleaseLease release -> fence.lease(release.epoch());
            case Entry.DeleteTo _ -> new Verdict.Accepted(fence);
        };
    }

    private void applied(Entry.OfEvents entry, History before, History after) {
        watch(entry, before.fence());
        histories.put(entry.persistenceId(), after);
        if (after.fence().highest() > before.fence().highest()) {
            arrivals.arrived(entry.persistenceId());
        }
    }

    /** The time of applying is never earlier than that of receiving, so a successor waits rather too long. */
    private void watch(Entry.OfEvents entry, Fence before) {
        LeaseWatch watch = leaseWatch(entry.persistenceId());
        LeaseWatch after =
                switch (entry) {
                    case Entry.TakeOver takeOver -> takeOver.epoch().equals(before.epoch()) ? watch : watch.fenced();
                    case Entry.RenewLease _ -> watch.renewed(clock.getAsLong());
                    case Entry.ReleaseLease _ -> watch.released();
                    case Entry.Append _, Entry.DeleteTo _ -> watch;
                };
        if (!after.equals(watch)) {
            leases.put(entry.persistenceId(), after);
        }
    }
}
