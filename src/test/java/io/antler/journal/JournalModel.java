package io.antler.journal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What one persistence id must have in the end, from all that was observed of it. */
final class JournalModel {
    /** An attempt to store one event, and where. */
    record Attempt(Observation.Append append, long sequenceNr) {}

    private final Map<String, Attempt> attempts = new HashMap<>();
    private final TreeMap<Long, String> stored = new TreeMap<>();

    JournalModel(List<Observation> observations, Consumer<Breach> breaches) {
        observations.forEach(observation -> {
            if (observation instanceof Observation.Append append) {
                attempt(append);
            }
        });
        observations.forEach(observation -> {
            switch (observation) {
                case Observation.Read read -> seen(read.node(), read.events(), breaches);
                case Observation.Glance glance -> seen(glance.node(), glance.events(), breaches);
                case Observation.Append append
                when append.outcome() == Observation.Outcome.CONFIRMED -> seen(append.node(), events(append), breaches);
                case Observation _ -> {}
            }
        });
    }

    private static List<Answer.Event> events(Observation.Append append) {
        return Stream.iterate(0, i -> i < append.texts().size(), i -> i + 1)
                .map(i -> new Answer.Event(append.first() + i, append.texts().get(i)))
                .toList();
    }

    private void attempt(Observation.Append append) {
        events(append).forEach(event -> {
            Attempt before = attempts.put(event.text(), new Attempt(append, event.sequenceNr()));
            if (before != null) {
                throw new IllegalArgumentException("the test used \"" + event.text() + "\" twice");
            }
        });
    }

    private void seen(String node, List<Answer.Event> events, Consumer<Breach> breaches) {
        for (Answer.Event event : events) {
            String before = stored.putIfAbsent(event.sequenceNr(), event.text());
            if (before != null && !before.equals(event.text())) {
                breaches.accept(new Breach(
                        Breach.Rule.SAME_EVENT_EVERYWHERE,
                        event.sequenceNr() + " is \"" + event.text() + "\" on " + node + " and was \"" + before
                                + "\""));
            }
        }
    }

    /** Sequence number to text, whoever saw it first. */
    NavigableMap<Long, String> stored() {
        return stored;
    }

    Optional<Attempt> attempt(String text) {
        return Optional.ofNullable(attempts.get(text));
    }
}
