package io.antler.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is done to the processes, and when; follows from the seed alone. After each round the group gets the time that it
 * needs to answer again, on any machine.
 */
record KillPlan(List<Round> rounds) {
    enum Deed {
        KILL,
        KILL_ALL,
        RESTART,
        FREEZE,
        THAW
    }

    /** @param atMillis after the beginning of its round */
    record Step(long atMillis, Deed deed, String node) {
        @Override
        public String toString() {
            return atMillis + " ms " + deed + " " + node;
        }
    }

    record Round(List<Step> steps) {
        Round {
            steps = steps.stream()
                    .sorted(Comparator.comparingLong(Step::atMillis))
                    .toList();
        }
    }

    KillPlan {
        rounds = List.copyOf(rounds);
    }

    static KillPlan random(Random random, List<NodeId> nodes, int rounds) {
        return new KillPlan(
                IntStream.range(0, rounds).mapToObj(_ -> round(random, nodes)).toList());
    }

    /** One fault, or two or three at once. */
    private static Round round(Random random, List<NodeId> nodes) {
        var steps = new ArrayList<Step>();
        for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
            String node = nodes.get(random.nextInt(nodes.size())).value();
            long at = 50L + random.nextInt(900);
            long over = at + 50 + random.nextInt(1500);
            switch (random.nextInt(8)) {
                case 0 -> {
                    steps.add(new Step(at, Deed.KILL_ALL, "all"));
                    nodes.forEach(each -> steps.add(new Step(over, Deed.RESTART, each.value())));
                }
                case 1, 2, 3 -> {
                    steps.add(new Step(at, Deed.FREEZE, node));
                    steps.add(new Step(over, Deed.THAW, node));
                }
                default -> {
                    steps.add(new Step(at, Deed.KILL, node));
                    steps.add(new Step(over, Deed.RESTART, node));
                }
            }
        }
        return new Round(steps);
    }

    @Override
    public String toString() {
        return rounds.stream()
                .map(round -> round.steps().stream().map(Step::toString).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n"));
    }
}
