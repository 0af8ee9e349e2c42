package io.antler.simulation;

import io.antler.invariant.Invariant;
import io.antler.journal.Epoch;
import io.antler.journal.Fence;
import io.antler.journal.Fence.Verdict;
import io.antler.journal.LeaseWatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one node has applied of the log, with the real fence and lease watch. All but the watch survives a restart. */
final class SimulatedReplica {
    private Fence changesFence = Fence.NONE;
    private Fence leadershipFence = Fence.NONE;
    private final List<Long> changes = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>(List.of(0));
    private final Set<Long> stored = new HashSet<>();
    private Entry.@Nullable Appointed appointed;
    private LeaseWatch watch = LeaseWatch.NONE;
    private int applied;

    void restarted(long now) {
        watch = LeaseWatch.started(now);
    }

    Verdict apply(Entry entry, long now) {
        applied++;
        Verdict verdict =
                switch (entry) {
                    case Entry.TakeOver takeOver -> changesFence.takeOver(takeOver.epoch());
                    case Entry.Changes batch -> changesFence.append(batch.epoch(), batch.sequenceNr(), 1);
                    case Entry.Renew renew -> changesFence.lease(renew.epoch());
                    case Entry.Release release -> changesFence.lease(release.epoch());
                    case Entry.Appointed appointment -> leadershipFence.append(Epoch.NONE, appointment.sequenceNr(), 1);
                };
        if (verdict instanceof Verdict.Accepted(Fence after)) {
            accept(entry, after, now);
        }
        return verdict;
    }

    private void accept(Entry entry, Fence after, long now) {
        stored.add(entry.id());
        switch (entry) {
            case Entry.TakeOver takeOver -> {
                if (!takeOver.epoch().equals(changesFence.epoch())) {
                    watch = watch.fenced();
                }
                changesFence = after;
            }
            case Entry.Changes batch -> {
                changesFence = after;
                changes.addAll(batch.changes());
                ends.add(changes.size());
            }
            case Entry.Renew _ -> watch = watch.renewed(now);
            case Entry.Release _ -> watch = watch.released();
            case Entry.Appointed next -> {
                Epoch before = appointed == null ? Epoch.NONE : appointed.epoch();
                Invariant.EPOCH_GROWS.check(next.epoch().compareTo(before) > 0, "%s after %s", next, before);
                leadershipFence = after;
                appointed = next;
            }
        }
    }

    int applied() {
        return applied;
    }

    Fence changesFence() {
        return changesFence;
    }

    long appointments() {
        return leadershipFence.highest();
    }

    Entry.@Nullable Appointed appointed() {
        return appointed;
    }

    LeaseWatch watch() {
        return watch;
    }

    boolean has(Entry entry) {
        return stored.contains(entry.id());
    }

    List<Long> changes() {
        return changes;
    }

    /** The changes up to and with one event. */
    List<Long> changesUpTo(long sequenceNr) {
        return changes.subList(0, ends.get((int) sequenceNr));
    }
}
