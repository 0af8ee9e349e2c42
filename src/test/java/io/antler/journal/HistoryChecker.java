package io.antler.journal;

import io.antler.journal.Breach.Rule;
import io.antler.journal.Observation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges what was observed of the events of one persistence id. Knows nothing of how the journal works. */
final class HistoryChecker {
    private final List<Observation> observations;
    private final List<Breach> breaches = new ArrayList<>();
    private final JournalModel model;

    private HistoryChecker(List<Observation> observations) {
        this.observations = observations;
        this.model = new JournalModel(observations, breaches::add);
    }

    /** @param observations of one persistence id, in any order */
    static List<Breach> check(List<Observation> observations) {
        var checker = new HistoryChecker(observations);
        checker.onlyWhatWasAppended();
        checker.allOrNone();
        checker.epochsGrow();
        checker.noHoles();
        checker.laterReadsSeeMore();
        return List.copyOf(checker.breaches);
    }

    private void breach(Rule rule, String format, Object... args) {
        breaches.add(new Breach(rule, format.formatted(args)));
    }

    private <T extends Observation> Stream<T> all(Class<T> kind) {
        return observations.stream().filter(kind::isInstance).map(kind::cast);
    }

    private void onlyWhatWasAppended() {
        model.stored().forEach((sequenceNr, text) -> model.attempt(text)
                .ifPresentOrElse(
                        attempt -> {
                            if (attempt.sequenceNr() != sequenceNr) {
                                breach(
                                        Rule.ONLY_WHAT_WAS_APPENDED,
                                        "\"%s\" was appended as %d and is %d",
                                        text,
                                        attempt.sequenceNr(),
                                        sequenceNr);
                            }
                            if (attempt.append().outcome() == Outcome.REFUSED && !deleted(sequenceNr)) {
                                breach(
                                        Rule.REFUSED_IS_NOT_STORED,
                                        "%d \"%s\" was refused and is stored",
                                        sequenceNr,
                                        text);
                            }
                        },
                        () -> breach(Rule.ONLY_WHAT_WAS_APPENDED, "%d \"%s\" was never appended", sequenceNr, text)));
    }

    /** A retry of an append that was stored and then deleted is refused: nothing is left to compare it with. */
    private boolean deleted(long sequenceNr) {
        return deletedBefore(Long.MAX_VALUE) >= sequenceNr;
    }

    private void allOrNone() {
        all(Observation.Append.class).forEach(append -> {
            Set<Boolean> there = new HashSet<>();
            for (int i = 0; i < append.texts().size(); i++) {
                String stored = model.stored().get(append.first() + i);
                if (stored != null) {
                    there.add(stored.equals(append.texts().get(i)));
                }
            }
            boolean cutOff = there.contains(true)
                    && append.last() > highestSeen()
                    && model.stored().containsKey(append.first());
            if (there.size() > 1 || cutOff) {
                breach(Rule.ALL_OR_NONE, "of %s at %d only a part is stored", append.texts(), append.first());
            }
        });
    }

    private long highestSeen() {
        return model.stored().isEmpty() ? 0 : model.stored().lastKey();
    }

    private void epochsGrow() {
        Map<Long, Long> writers = model.stored().entrySet().stream()
                .filter(event -> model.attempt(event.getValue()).isPresent())
                .collect(Collectors.toMap(Map.Entry::getKey, event -> model.attempt(event.getValue())
                        .orElseThrow()
                        .append()
                        .writer()));
        long newest = 0;
        for (Map.Entry<Long, String> event : model.stored().entrySet()) {
            long writer = writers.getOrDefault(event.getKey(), newest);
            if (writer < newest) {
                breach(
                        Rule.DEAD_EPOCH_IS_SILENT,
                        "%d \"%s\" is of epoch %d, after one of epoch %d",
                        event.getKey(),
                        event.getValue(),
                        writer,
                        newest);
            }
            newest = Math.max(newest, writer);
        }
        all(Observation.TakeOver.class)
                .forEach(fence -> writers.forEach((sequenceNr, writer) -> {
                    if (sequenceNr > fence.highest() != writer >= fence.epoch()) {
                        breach(
                                Rule.DEAD_EPOCH_IS_SILENT,
                                "%d is of epoch %d, but epoch %d took over after %d",
                                sequenceNr,
                                writer,
                                fence.epoch(),
                                fence.highest());
                    }
                }));
    }

    private void noHoles() {
        all(Observation.Read.class)
                .forEach(read -> noHole(read.node(), read.first(), read.highest(), read.events(), read.end()));
        all(Observation.Glance.class)
                .forEach(read -> noHole(read.node(), read.first(), read.highest(), read.events(), read.end()));
        all(Observation.Read.class).forEach(read -> {
            long gone = deletedForGoodBefore(read.begin());
            if (!read.events().isEmpty() && read.events().getFirst().sequenceNr() <= gone) {
                breach(
                        Rule.DELETED_STAYS_DELETED,
                        "%d was read on %s, deleted were all up to %d",
                        read.events().getFirst().sequenceNr(),
                        read.node(),
                        gone);
            }
        });
    }

    private void noHole(String node, long first, long highest, List<Answer.Event> events, long end) {
        long expected = first;
        long mayBeGone = deletedBefore(end);
        for (Answer.Event event : events) {
            if (event.sequenceNr() < expected || event.sequenceNr() > Math.max(expected, mayBeGone + 1)) {
                breach(Rule.NO_HOLE, "%d follows %d on %s", event.sequenceNr(), expected - 1, node);
                return;
            }
            expected = event.sequenceNr() + 1;
        }
        if (expected <= highest && highest > mayBeGone) {
            breach(Rule.NO_HOLE, "%s has %d events but only up to %d was read", node, highest, expected - 1);
        }
    }

    /** Also those whose outcome is not known. */
    private long deletedBefore(long time) {
        return all(Observation.Delete.class)
                .filter(delete -> delete.begin() <= time)
                .mapToLong(Observation.Delete::last)
                .max()
                .orElse(0);
    }

    private long deletedForGoodBefore(long time) {
        return all(Observation.Delete.class)
                .filter(delete -> delete.outcome() == Outcome.CONFIRMED && delete.end() < time)
                .mapToLong(Observation.Delete::last)
                .max()
                .orElse(0);
    }

    /** Something that was known at one moment: from then on every read must see as much. */
    private record Floor(Rule rule, long highest, String reason, long known) {}

    private void laterReadsSeeMore() {
        var floors = new PriorityQueue<>(Comparator.comparingLong(Floor::known));
        all(Observation.Append.class)
                .filter(append -> append.outcome() == Outcome.CONFIRMED)
                .forEach(append -> floors.add(
                        new Floor(Rule.CONFIRMED_STAYS, append.last(), "confirmed to " + append.node(), append.end())));
        all(Observation.TakeOver.class)
                .forEach(fence -> floors.add(new Floor(
                        Rule.READS_NEVER_GO_BACK, fence.highest(), "told to epoch " + fence.epoch(), fence.end())));
        all(Observation.Read.class)
                .forEach(read -> floors.add(
                        new Floor(Rule.READS_NEVER_GO_BACK, read.highest(), "read on " + read.node(), read.end())));
        all(Observation.Glance.class)
                .forEach(read -> floors.add(
                        new Floor(Rule.READS_NEVER_GO_BACK, read.highest(), "read on " + read.node(), read.end())));
        var known = new ArrayList<Floor>();
        all(Observation.Read.class)
                .sorted(Comparator.comparingLong(Observation.Read::begin))
                .forEach(read -> {
                    while (!floors.isEmpty() && floors.peek().known() < read.begin()) {
                        raise(known, floors.remove());
                    }
                    known.stream()
                            .filter(floor -> floor.highest() > read.highest())
                            .forEach(floor -> breach(
                                    floor.rule(),
                                    "%s ends at %d, but %d was %s before",
                                    read.node(),
                                    read.highest(),
                                    floor.highest(),
                                    floor.reason()));
                });
    }

    /** Of each rule only the highest floor matters. */
    private static void raise(List<Floor> known, Floor floor) {
        boolean higher =
                known.stream().noneMatch(other -> other.rule() == floor.rule() && other.highest() >= floor.highest());
        if (higher) {
            known.removeIf(other -> other.rule() == floor.rule());
            known.add(floor);
        }
    }
}
