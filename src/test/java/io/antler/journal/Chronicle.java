package io.antler.journal;

import io.antler.journal.Observation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** All that was observed in one run. Any thread writes; it is judged when all of them are done. */
final class Chronicle {
    private final ConcurrentLinkedQueue<Observation> observations = new ConcurrentLinkedQueue<>();

    void add(Observation observation) {
        observations.add(observation);
    }

    private static String subject(Observation observation) {
        return switch (observation) {
            case Observation.Append append -> append.persistenceId();
            case Observation.TakeOver fence -> fence.persistenceId();
            case Observation.Read read -> read.persistenceId();
            case Observation.Glance glance -> glance.persistenceId();
            case Observation.Delete delete -> delete.persistenceId();
            case Observation.Held held -> held.persistenceId();
            case Observation.Opened opened -> opened.persistenceId();
            case Observation.Silent silent -> silent.persistenceId();
            case Observation.SideHeld held -> held.name();
            case Observation.SideGivenUp end -> end.name();
        };
    }

    List<Breach> breaches() {
        Map<String, List<Observation>> subjects =
                observations.stream().collect(Collectors.groupingBy(Chronicle::subject));
        var breaches = new ArrayList<Breach>();
        subjects.values().forEach(subject -> {
            breaches.addAll(HistoryChecker.check(subject));
            breaches.addAll(LeaseChecker.mastership(subject));
            breaches.addAll(LeaseChecker.side(subject));
        });
        return breaches;
    }

    long confirmed() {
        return appends(Outcome.CONFIRMED);
    }

    private long appends(Outcome outcome) {
        return observations.stream()
                .filter(observation -> observation instanceof Observation.Append append && append.outcome() == outcome)
                .count();
    }

    private long count(Class<? extends Observation> kind) {
        return observations.stream().filter(kind::isInstance).count();
    }

    /** How much was going on. */
    String summary() {
        return "%d appends confirmed, %d refused, %d not known, %d take-overs, %d renewals, %d reads, %d side holdings"
                .formatted(
                        appends(Outcome.CONFIRMED),
                        appends(Outcome.REFUSED),
                        appends(Outcome.NOT_KNOWN),
                        count(Observation.TakeOver.class),
                        count(Observation.Held.class),
                        count(Observation.Read.class),
                        count(Observation.SideHeld.class));
    }
}
