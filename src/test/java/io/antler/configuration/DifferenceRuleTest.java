package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.journal.NodeId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DifferenceRuleTest {
    private static final NodeId MASTER = new NodeId("n1");

    private static List<String> alarms(Map<String, String> own, Map<String, String> masters) {
        return DifferenceRule.alarms(known(own), MASTER, known(masters));
    }

    private static SortedMap<String, String> known(Map<String, String> files) {
        var all = new TreeMap<>(files);
        if (!files.isEmpty()) {
            all.putIfAbsent("mfsmaster", "3.0.117-1");
        }
        return all;
    }

    @Test
    void equalOrUnknownIsNoAlarm() {
        assertEquals(List.of(), alarms(Map.of("a", "1", "b", "2"), Map.of("b", "2", "a", "1")));
        assertEquals(List.of(), alarms(Map.of(), Map.of("a", "1")));
        assertEquals(List.of(), alarms(Map.of("a", "1"), Map.of()));
    }

    @Test
    void eachFileThatDiffersOrIsMissingOnOneSideIsTold() {
        assertEquals(
                List.of(
                        "configuration: a is 1 here and 9 on the master n1: run antler config push on the node that has the right one",
                        "configuration: b is 2 here and missing on the master n1: remove it here, or run antler config push here",
                        "configuration: c is missing here and 3 on the master n1: run antler config push on the node that has the right one"),
                alarms(Map.of("a", "1", "b", "2", "d", "4"), Map.of("a", "9", "c", "3", "d", "4")));
    }

    @Test
    void anotherVersionOfTheProgramIsToldAndTheNumberOfThePushIsNot() {
        assertEquals(
                List.of(
                        "configuration: mfsmaster is 3.0.117-1 here and 4.57.5-1 on the master n1: install the same version on every node"),
                alarms(Map.of("push", "1"), Map.of("mfsmaster", "4.57.5-1", "push", "2")));
    }
}
