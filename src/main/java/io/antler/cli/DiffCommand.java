package io.antler.cli;

import io.antler.collector.Difference;
import io.antler.collector.Finding;
import io.antler.collector.Metered;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler changelog diff}. */
@Command(
        name = "diff",
        description =
                "Says where two histories differ: changes that only one has, and where they say different things.",
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
    private static final int SHOWN = 40;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "A", description = "a changelog file, or a directory with such")
    private Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "the same")
    private Path b = Path.of("");

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        PrintWriter out = line.getOut();
        try {
            Changelogs one = Changelogs.of(List.of(a));
            Changelogs other = Changelogs.of(List.of(b));
            Difference difference = compare(one.files(), other.files(), line.getErr());
            print(difference, out);
            List<Finding> damaged = Stream.of(difference.damaged(), one.damaged(), other.damaged())
                    .<Finding>flatMap(List::stream)
                    .toList();
            damaged.forEach(place -> out.println("damaged      " + Terminal.safe(place.toString())));
            return code(difference, damaged);
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private static Difference compare(Metered one, Metered other, PrintWriter err) throws IOException {
        try (var progress = new ProgressLine(err)) {
            return Difference.of(
                    one.pieces(),
                    other.pieces(),
                    _ -> progress.read(one.read() + other.read(), one.total() + other.total()));
        }
    }

    private void print(Difference difference, PrintWriter out) {
        out.println("same         " + difference.same() + (difference.same() == 1 ? " change" : " changes"));
        difference
                .first()
                .ifPresent(first -> out.printf(
                        "first        change %d%n    %s: %s%n    %s: %s%n",
                        first.version(),
                        first.fileA(),
                        Terminal.safe(first.a()),
                        first.fileB(),
                        Terminal.safe(first.b())));
        List<Difference.Range> ranges = difference.ranges();
        for (Difference.Range range : ranges.subList(0, Math.min(SHOWN, ranges.size()))) {
            String versions = range.first() + (range.first() == range.last() ? "" : " to " + range.last());
            out.println(
                    switch (range.who()) {
                        case ONLY_A -> "only         " + versions + ", in " + a;
                        case ONLY_B -> "only         " + versions + ", in " + b;
                        case DIFFERENT -> "different    " + versions;
                    });
        }
        long more = ranges.size() - Math.min(SHOWN, ranges.size()) + difference.omitted();
        if (more > 0) {
            out.println("             and " + more + " more");
        }
    }

    private static int code(Difference difference, List<Finding> damaged) {
        if (difference.first().isPresent()) {
            return Antler.CONTRADICTORY;
        }
        return difference.none() && damaged.isEmpty() ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
    }
}
