package io.antler.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a benchmark prints. */
final class Printed {
    private Printed() {}

    interface Step {
        void run() throws IOException;
    }

    /** The names of the figures that it prints, all of them numbers. */
    static Set<String> figures(Step step) throws IOException {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            step.run();
        } finally {
            System.setOut(before);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8);
        assertFalse(printed.contains("NaN"), printed);
        return printed.lines()
                .filter(line -> line.startsWith("figure "))
                .map(line -> List.of(line.split(" ", 3)).get(1))
                .collect(Collectors.toSet());
    }
}
