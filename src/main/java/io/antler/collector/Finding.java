package io.antler.collector;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Something about the files that an operator should know; as a string it is a sentence that names places. */
public sealed interface Finding {
    /**
     * Changes that no file has.
     *
     * @param first and {@code last}, both missing
     * @param before file with the change before them
     * @param after file with the change after them
     */
    record Missing(long first, long last, String before, String after) implements Finding {
        @Override
        public String toString() {
            return "%s nowhere: %s ends before, %s goes on after".formatted(changes(first, last), before, after);
        }
    }

    /**
     * Changes of which files tell different things.
     *
     * @param first and {@code last}, both contradictory
     * @param sides of the first
     * @param decidedBy source of a later image, which was made from its own side; empty: undecided
     */
    record Conflict(long first, long last, List<Side> sides, String decidedBy) implements Finding {
        public Conflict {
            sides = List.copyOf(sides);
        }

        boolean decided() {
            return !decidedBy.isEmpty();
        }

        @Override
        public String toString() {
            return sides.stream()
                    .map(side -> "\n    %s: %s".formatted(String.join(", ", side.files()), side.text()))
                    .collect(Collectors.joining(
                            "",
                            changes(first, last) + " contradictory"
                                    + (decided() ? ", decided by a newer image in " + decidedBy : "") + ". Change "
                                    + first
                                    + ":",
                            ""));
        }
    }

    /** @param text as much as is needed to tell it from the others, and some more */
    record Side(String text, List<String> files) {
        public Side {
            files = List.copyOf(files);
        }
    }

    /**
     * Changes that stand only in files which contradicted others before, and agreed with none since.
     *
     * @param files that have them
     */
    record Disputed(long first, long last, Set<String> files) implements Finding {
        public Disputed {
            files = Set.copyOf(files);
        }

        @Override
        public String toString() {
            return "%s not used: they stand only in %s, which contradicts others before"
                    .formatted(
                            changes(first, last),
                            String.join(", ", files.stream().sorted().toList()));
        }
    }

    /**
     * A part of a file that cannot be used.
     *
     * @param problem with file and byte
     * @param next version that comes after the last change before it; -1 if there is none
     * @param atEnd nothing of the file comes after it
     */
    record Damaged(String problem, long next, boolean atEnd) implements Finding {
        @Override
        public String toString() {
            return problem;
        }
    }

    /**
     * The last line of a file was not written to its end.
     *
     * @param next version that comes after the last change before it; -1 if there is none
     * @param completedBy file that has the whole line; empty: none
     */
    record HalfLine(String file, long offset, long next, String start, String completedBy) implements Finding {
        @Override
        public String toString() {
            return "%s, byte %d: half a line, \"%s\", %s"
                    .formatted(
                            file,
                            offset,
                            start,
                            completedBy.isEmpty() ? "complete nowhere" : "complete in " + completedBy);
        }
    }

    private static String changes(long first, long last) {
        return first == last ? "change " + first + " is" : "changes " + first + " to " + last + " are";
    }
}
