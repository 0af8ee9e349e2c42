package io.antler.moosefs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Passes lines on and remembers the last ones that say something. Any thread. */
final class LastLines {
    private static final int KEPT = 50;

    private final Consumer<String> output;
    private final Deque<String> lines = new ArrayDeque<>();

    LastLines(Consumer<String> output) {
        this.output = output;
    }

    void add(String line) {
        if (line.isBlank()) {
            return;
        }
        if (!line.startsWith("progress:")) {
            synchronized (lines) {
                lines.addLast(line);
                if (lines.size() > KEPT) {
                    lines.removeFirst();
                }
            }
        }
        output.accept(line);
    }

    List<String> last() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
