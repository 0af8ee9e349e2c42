package io.antler.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a node answered: values by name. */
record Answer(Map<String, Double> values) {
    /** @param text {@code name=value} with blanks between; other words are ignored */
    static Answer of(String text) {
        return new Answer(Arrays.stream(text.split(" "))
                .map(word -> word.split("=", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toUnmodifiableMap(parts -> parts[0], parts -> Double.parseDouble(parts[1]))));
    }

    double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no " + name + " in the answer " + values);
        }
        return value;
    }
}
