package io.antler.journal;

import io.antler.journal.Breach.Rule;
import io.antler.journal.Observation.Held;
import io.antler.journal.Observation.Opened;
import io.antler.journal.Observation.SideGivenUp;
import io.antler.journal.Observation.SideHeld;
import io.antler.journal.Observation.Silent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Judges who held a lease when, on one clock. */
final class LeaseChecker {
    private LeaseChecker() {}

    /**
     * A new epoch opens only after all that an older one could still have counted on, also of renewals whose confirmation
     * came later.
     *
     * @param observations of one persistence id, in any order
     */
    static List<Breach> mastership(List<Observation> observations) {
        var breaches = new ArrayList<Breach>();
        List<Held> holdings = all(observations, Held.class).toList();
        List<Silent> silences = all(observations, Silent.class).toList();
        all(observations, Opened.class).forEach(opened -> holdings.stream()
                .filter(held -> held.epoch() < opened.epoch() && end(held, silences) - opened.at() > 0)
                .max(Comparator.comparingLong(held -> end(held, silences)))
                .ifPresent(held -> breaches.add(new Breach(
                        Rule.ONE_HOLDER,
                        "epoch " + opened.epoch() + " on " + opened.node() + " may open "
                                + (end(held, silences) - opened.at()) / 1000 + " µs before epoch "
                                + held.epoch() + " on " + held.node() + " ends"))));
        return breaches;
    }

    private static long end(Held held, List<Silent> silences) {
        return silences.stream()
                .filter(silent -> silent.epoch() == held.epoch())
                .mapToLong(Silent::at)
                .reduce(held.until(), Math::min);
    }

    /** @param observations of one side lease, in any order */
    static List<Breach> side(List<Observation> observations) {
        var breaches = new ArrayList<Breach>();
        List<SideGivenUp> ends = all(observations, SideGivenUp.class).toList();
        List<SideHeld> holdings = all(observations, SideHeld.class)
                .map(held -> cut(held, ends))
                .sorted(Comparator.comparingLong(SideHeld::from))
                .toList();
        for (int i = 0; i < holdings.size(); i++) {
            SideHeld held = holdings.get(i);
            holdings.subList(i + 1, holdings.size()).stream()
                    .filter(later -> !later.owner().equals(held.owner()) && held.until() - later.from() > 0)
                    .findFirst()
                    .ifPresent(later -> breaches.add(new Breach(
                            Rule.ONE_SIDE_OWNER,
                            later.owner() + " holds " + held.name() + " "
                                    + (held.until() - later.from()) / 1000 + " µs before " + held.owner()
                                    + "'s holding ends")));
        }
        return breaches;
    }

    private static SideHeld cut(SideHeld held, List<SideGivenUp> ends) {
        long until = ends.stream()
                .filter(end -> end.owner().equals(held.owner()) && end.at() - held.from() >= 0)
                .mapToLong(SideGivenUp::at)
                .reduce(held.until(), Math::min);
        return new SideHeld(held.name(), held.owner(), held.from(), until);
    }

    private static <T extends Observation> Stream<T> all(List<Observation> observations, Class<T> kind) {
        return observations.stream().filter(kind::isInstance).map(kind::cast);
    }
}
