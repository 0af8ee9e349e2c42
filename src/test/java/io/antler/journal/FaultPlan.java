package io.antler.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** What goes wrong in a {@link MemoryGroup}, when, and when it is over; follows from the seed alone. */
record FaultPlan(List<Step> steps) {
    enum Deed {
        /** What {@code node} sends does not reach {@code other}. */
        CUT,
        MEND,
        CUT_OFF,
        JOIN,
        /** Messages are lost, late, doubled, and overtake each other. */
        BAD_NETWORK,
        GOOD_NETWORK,
        /** It does nothing, and its clock goes on. */
        FREEZE,
        THAW,
        STOP,
        STOP_ALL,
        /** With a clock that begins anew. */
        START,
        MOVE_LEADERSHIP
    }

    /** @param other the other node, or the severity of a bad network in percent */
    record Step(long atMillis, Deed deed, String node, String other) {
        @Override
        public String toString() {
            return "%5d ms %s %s %s".formatted(atMillis, deed, node, other);
        }
    }

    FaultPlan {
        steps = steps.stream().sorted(Comparator.comparingLong(Step::atMillis)).toList();
    }

    /** @param apartMillis a fault begins after at most this time */
    static FaultPlan random(Random random, List<NodeId> nodes, long lengthMillis, int apartMillis) {
        var steps = new ArrayList<Step>();
        for (long at = random.nextInt(apartMillis); at < lengthMillis; at += 1 + random.nextInt(apartMillis)) {
            int index = random.nextInt(nodes.size());
            String node = nodes.get(index).value();
            String other = nodes.get((index + 1 + random.nextInt(nodes.size() - 1)) % nodes.size())
                    .value();
            add(steps, random, at, at + 20 + random.nextInt(3 * apartMillis), node, other);
        }
        return new FaultPlan(steps);
    }

    private static void add(List<Step> steps, Random random, long at, long over, String node, String other) {
        switch (random.nextInt(14)) {
            case 0, 1 -> pair(steps, at, Deed.CUT, over, Deed.MEND, node, other);
            case 2 -> {
                pair(steps, at, Deed.CUT, over, Deed.MEND, node, other);
                pair(steps, at, Deed.CUT, over, Deed.MEND, other, node);
            }
            case 3, 4 -> pair(steps, at, Deed.CUT_OFF, over, Deed.JOIN, node, "");
            case 5, 6, 7 -> {
                steps.add(new Step(at, Deed.BAD_NETWORK, "", Integer.toString(1 + random.nextInt(30))));
                steps.add(new Step(over, Deed.GOOD_NETWORK, "", ""));
            }
            case 8, 9, 10 -> pair(steps, at, Deed.FREEZE, over, Deed.THAW, node, "");
            case 11 -> pair(steps, at, Deed.STOP, over, Deed.START, node, "");
            case 12 -> {
                if (random.nextInt(3) == 0) {
                    pair(steps, at, Deed.STOP_ALL, over, Deed.START, "all", "");
                } else {
                    pair(steps, at, Deed.STOP, over, Deed.START, node, "");
                }
            }
            default -> steps.add(new Step(at, Deed.MOVE_LEADERSHIP, node, ""));
        }
    }

    private static void pair(List<Step> steps, long at, Deed begin, long over, Deed end, String node, String other) {
        steps.add(new Step(at, begin, node, other));
        steps.add(new Step(over, end, node, other));
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
