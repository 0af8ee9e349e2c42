package io.antler.cli;

import io.antler.collector.FileRead;
import io.antler.collector.Finding;
import io.antler.collector.History;
import io.antler.collector.Merge;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler changelog verify}. */
@Command(
        name = "verify",
        description = {
            "Says of changelog files from which change to which they go, and whether they are readable, without a hole,",
            "and of one mind where they overlap."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final int TOLD_EVERY = 1 << 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "changelog files, or directories with such")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        PrintWriter out = line.getOut();
        try {
            Changelogs changelogs = Changelogs.of(files);
            List<FileRead> reads = new ArrayList<>();
            History history = read(changelogs, line.getErr(), reads).with(changelogs.damaged());
            reads.sort(Comparator.comparingLong(FileRead::first));
            reads.forEach(file -> out.println("file         " + described(file)));
            overlaps(reads, out);
            var report = new SourceReport(out);
            report.changes(history);
            report.findings(history, history.lost());
            out.println("result       " + (history.findings().isEmpty() ? "whole" : "not whole"));
            return code(history.findings());
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private static String described(FileRead file) {
        return "%s: %d to %d, %s to %s%s%s"
                .formatted(
                        file.name(),
                        file.first(),
                        file.last(),
                        time(file.firstSeconds()),
                        time(file.lastSeconds()),
                        file.lines() == file.last() - file.first() + 1 ? "" : ", " + file.lines() + " changes",
                        file.clockBack() == 0 ? "" : ", the master's clock went back " + file.clockBack() + " times");
    }

    private static String time(long seconds) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.ofEpochSecond(seconds).atZone(ZoneId.systemDefault()));
    }

    /** What files say twice is compared by the merge; here is only told that they do. */
    private static void overlaps(List<FileRead> files, PrintWriter out) {
        FileRead longest = null;
        for (FileRead file : files) {
            if (longest != null && file.first() <= longest.last()) {
                out.printf(
                        "overlap      %d to %d, in %s and %s%n",
                        file.first(), Math.min(file.last(), longest.last()), longest.name(), file.name());
            }
            longest = longest == null || file.last() > longest.last() ? file : longest;
        }
    }

    static int code(List<Finding> findings) {
        if (findings.stream()
                .anyMatch(finding -> finding instanceof Finding.Conflict || finding instanceof Finding.Disputed)) {
            return Antler.CONTRADICTORY;
        }
        return findings.isEmpty() ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
    }

    /** @param reads gets what was read of each file */
    private static History read(Changelogs changelogs, PrintWriter err, List<FileRead> reads) throws IOException {
        try (var progress = new ProgressLine(err)) {
            return Merge.run(changelogs.files().pieces(), Optional.empty(), new Merge.Sink() {
                private long lines;

                @Override
                public void begin() {
                    reads.clear();
                }

                @Override
                public boolean change(ChangelogReader line) {
                    if (lines++ % TOLD_EVERY == 0) {
                        progress.read(
                                changelogs.files().read(), changelogs.files().total());
                    }
                    return true;
                }

                @Override
                public void file(FileRead file) {
                    if (file.lines() > 0) {
                        reads.add(file);
                    }
                }
            });
        }
    }
}
