package io.antler.journal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a node measures of its journal; owns all names. An append costs one record each in two timers, two summaries and a
 * counter: below a microsecond.
 */
final class JournalMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Timer append;
    private final Timer sync;
    private final DistributionSummary batchEvents;
    private final DistributionSummary batchBytes;
    private final Counter bytes;
    private final Counter leaderChanges;
    private final Counter refusedEpochs;

    JournalMetrics(MeterRegistry registry) {
        this.registry = registry;
        append = timer(
                "antler.journal.append", "From an append's proposal on this node until it is applied, confirmed ones");
        sync = timer("antler.journal.fsync", "One synced write to this node's Raft log");
        batchEvents = summary("antler.journal.batch.events", "Events in one confirmed append of this node");
        batchBytes = summary("antler.journal.batch.bytes", "Bytes of one confirmed append of this node");
        bytes = counter("antler.journal.appended.bytes", "Bytes in all confirmed appends of this node");
        leaderChanges =
                counter("antler.journal.leader.changes", "How often this node saw the journal's Raft leader change");
        refusedEpochs = counter(
                "antler.journal.refused.epochs", "Requests of this node refused because a newer epoch took over");
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder(name).description(description).register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Asked whenever somebody looks. */
    void observe(Supplier<JournalStatus> status) {
        gauge(
                "antler.journal.commit.index",
                "Last Raft log entry that a majority has, as this node knows",
                () -> status.get().committed());
        gauge(
                "antler.journal.applied.index",
                "Last Raft log entry that this node's replica has applied",
                () -> status.get().applied());
        gauge(
                "antler.journal.apply.lag",
                "Committed entries that this node's replica has not applied yet",
                () -> status.get().applyLag());
        gauge(
                "antler.journal.leader",
                "1 if this node leads the journal's Raft group, else 0",
                () -> status.get().leads() ? 1 : 0);
        gauge("antler.journal.disk.free.bytes", "Free space of the journal's file system", () -> status.get()
                .freeBytes());
        gauge(
                "antler.journal.disk.used.bytes",
                "Size of all files of the journal: Raft log, events, snapshots",
                () -> status.get().usedBytes());
        for (JournalAlarm.Kind kind : JournalAlarm.Kind.values()) {
            Gauge.builder("antler.journal.alarm", () -> status.get().has(kind) ? 1 : 0)
                    .description("1 while the alarm is raised, else 0")
                    .tag("kind", kind.word())
                    .register(registry);
        }
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    void appended(long nanos, int events, long lengthBytes) {
        append.record(nanos, TimeUnit.NANOSECONDS);
        batchEvents.record(events);
        batchBytes.record((double) lengthBytes);
        bytes.increment((double) lengthBytes);
    }

    void synced(long nanos) {
        sync.record(nanos, TimeUnit.NANOSECONDS);
    }

    void leaderChanged() {
        leaderChanges.increment();
    }

    void epochRefused() {
        refusedEpochs.increment();
    }

    Timer append() {
        return append;
    }

    Timer sync() {
        return sync;
    }

    long leaderChanges() {
        return (long) leaderChanges.count();
    }

    long refusedEpochs() {
        return (long) refusedEpochs.count();
    }
}
