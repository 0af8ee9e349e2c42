package io.antler.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of cells, aligned for people. */
final class Table {
    private Table() {}

    /** @param firstNumber index of the first column of numbers, which stand to the right, as do all behind it */
    static String of(List<List<String>> lines, int firstNumber) {
        int[] widths = IntStream.range(0, lines.getFirst().size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return lines.stream().map(line -> aligned(line, widths, firstNumber)).collect(Collectors.joining("\n"));
    }

    private static String aligned(List<String> line, int[] widths, int firstNumber) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> {
                    String padding =
                            " ".repeat(widths[column] - line.get(column).length());
                    return column < firstNumber ? line.get(column) + padding : padding + line.get(column);
                })
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }
}
