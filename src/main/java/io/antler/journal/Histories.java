package io.antler.journal;

import static io.antler.invariant.Invariant.EPOCH_GROWS;

import io.antler.journal.EventStore.Change;
import io.antler.journal.EventStore.Kind;
import io.antler.journal.Fence.Verdict;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;

/**
 * The events of all persistence ids on this replica: what is stored, who may write, and what was seen of each mastership
 * lease. One thread applies; any thread asks.
 */
final class Histories implements EventStore.Table {
    /** Who waits for this is told of the first event of any persistence id; no persistence id is so named. */
    static final String ANY_NEW = "\0";

    private final EventStore store;
    private final LongSupplier clock;
    private final Map<String, History> histories = new ConcurrentHashMap<>();
    private final Map<String, LeaseWatch> leases = new ConcurrentHashMap<>();
    private final List<String> persistenceIds = Collections.synchronizedList(new ArrayList<>());
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

        byte[] encoded() {
            return Fields.write(FORMAT, out -> {
                out.writeLong(fence.epoch().value());
                out.writeLong(fence.highest());
                out.writeLong(deletedTo);
            });
        }

        static History decode(byte[] bytes) {
            return Fields.read(
                    "meta data of a persistence id",
                    FORMAT,
                    bytes,
                    in -> new History(new Fence(new Epoch(in.readLong()), in.readLong()), in.readLong()));
        }
    }

    /**
     * All that the store has. What was renewed while this replica did not look is not known: each lease counts as just
     * renewed. Whoever waits for an event that is there now is woken.
     */
    @Override
    public void load() throws RocksDBException {
        var loaded = new TreeMap<String, History>();
        store.all(Kind.HISTORY).forEach((persistenceId, bytes) -> loaded.put(persistenceId, History.decode(bytes)));
        long now = clock.getAsLong();
        histories.keySet().retainAll(loaded.keySet());
        leases.keySet().retainAll(loaded.keySet());
        loaded.forEach((persistenceId, history) -> {
            checkGrows(persistenceId, of(persistenceId).fence(), history.fence());
            if (history.fence().epoch().compareTo(Epoch.NONE) > 0) {
                leases.put(persistenceId, LeaseWatch.started(now));
            }
            replace(persistenceId, of(persistenceId), history);
        });
    }

    private void replace(String persistenceId, History before, History after) {
        histories.put(persistenceId, after);
        if (after.fence().highest() > before.fence().highest()) {
            if (before.fence().highest() == 0) {
                persistenceIds.add(persistenceId);
                arrivals.arrived(ANY_NEW);
            }
            arrivals.arrived(persistenceId);
        }
    }

    /**
     * Events that are not deleted, in order and without a hole; fewer than {@code max} when they are large. Any thread.
     *
     * @throws JournalDamaged if one that must be there is not
     */
    List<StoredEvent> read(String persistenceId, long first, long last, int max) {
        try (var view = store.view()) {
            byte[] stored = view.get(Kind.HISTORY, persistenceId);
            History history = stored == null ? History.NONE : History.decode(stored);
            long from = Math.max(first, history.deletedTo() + 1);
            long to = Math.min(last, history.fence().highest());
            if (from > to) {
                return List.of();
            }
            List<StoredEvent> found = view.events(persistenceId, from, to, max);
            checkContiguous(persistenceId, from, found);
            return found;
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(
                    "events of " + persistenceId + " from " + first + " not read: " + e.getMessage(), e);
        } catch (RocksDBException e) {
            throw store.failed("events of " + persistenceId + " from " + first + " not read", e);
        }
    }

    private static void checkContiguous(String persistenceId, long from, List<StoredEvent> found) {
        long expected = from;
        for (StoredEvent event : found) {
            if (event.sequenceNr() != expected) {
                break;
            }
            expected++;
        }
        if (found.isEmpty() || expected != from + found.size()) {
            throw new JournalDamaged(
                    "event " + expected + " of " + persistenceId + " is missing in the event store of this node,"
                            + " so nothing is read from there on. " + JournalUnusable.COPY_FROM_OTHERS,
                    null);
        }
    }

    History of(String persistenceId) {
        return histories.getOrDefault(persistenceId, History.NONE);
    }

    /** Those that have or had events, from a position in the order in which this replica learned of them. */
    List<String> persistenceIds(int position) {
        synchronized (persistenceIds) {
            return position >= persistenceIds.size()
                    ? List.of()
                    : List.copyOf(persistenceIds.subList(position, persistenceIds.size()));
        }
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
        checkGrows(persistenceId, before.fence(), after);
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

    private static void checkGrows(String persistenceId, Fence before, Fence after) {
        EPOCH_GROWS.check(
                after.epoch().compareTo(before.epoch()) >= 0,
                "%s: epoch %s after %s",
                persistenceId,
                after.epoch(),
                before.epoch());
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
        replace(entry.persistenceId(), before, after);
        if (after.deletedTo() > before.deletedTo()) {
            store.space().deleted(entry.persistenceId(), after.deletedTo());
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
