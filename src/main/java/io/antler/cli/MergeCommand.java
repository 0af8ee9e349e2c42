package io.antler.cli;

import io.antler.collector.History;
import io.antler.collector.Merge;
import io.antler.collector.NewFile;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler changelog merge}. */
@Command(
        name = "merge",
        description = {
            "Makes one history of several files: each change once, in order. What is damaged in one is taken from another.",
            "Where they contradict each other, none is believed."
        },
        mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {
    private static final int TOLD_EVERY = 1 << 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "changelog files, or directories with such")
    private List<Path> files = List.of();

    @Option(names = "--to", paramLabel = "FILE", description = "is made, and must not exist; left out: standard output")
    private @Nullable Path to;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        try {
            Changelogs changelogs = Changelogs.of(files);
            History history =
                    (to == null ? print(line, changelogs) : write(line, changelogs, to)).with(changelogs.damaged());
            new SourceReport(line.getErr()).findings(history, history.lost());
            return VerifyCommand.code(history.lost());
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private static History write(CommandLine line, Changelogs changelogs, Path to) throws IOException {
        try (var progress = new ProgressLine(line.getErr());
                NewFile file = NewFile.of(to)) {
            History history = Merge.run(changelogs.files().pieces(), Optional.empty(), new Merge.Sink() {
                private long lines;

                @Override
                public void begin() throws IOException {
                    file.begin();
                }

                @Override
                public boolean change(ChangelogReader change) throws IOException {
                    tell(progress, changelogs, lines++);
                    file.add(change);
                    return true;
                }
            });
            file.publish();
            return history;
        }
    }

    private static void tell(ProgressLine progress, Changelogs changelogs, long lines) {
        if (lines % TOLD_EVERY == 0) {
            progress.read(changelogs.files().read(), changelogs.files().total());
        }
    }

    /** What is printed cannot be taken back, so how often the merge begins again is found out before. */
    private static History print(CommandLine line, Changelogs changelogs) throws IOException {
        try (var progress = ProgressLine.besideOutput(line.getErr());
                OutputStream out = Terminal.bytes(line.getOut())) {
            var attempts = new Printing(null, 0, () -> {});
            Merge.run(changelogs.files().pieces(), Optional.empty(), attempts);
            var printing = new Printing(
                    out,
                    attempts.begun,
                    () -> progress.read(
                            changelogs.files().read() / 2, changelogs.files().total()));
            History history = Merge.run(changelogs.files().pieces(), Optional.empty(), printing);
            printing.checkEnd();
            return history;
        }
    }

    /** Prints what the last attempt gives. */
    private static final class Printing implements Merge.Sink {
        private final @Nullable OutputStream out;
        private final int last;
        private final Runnable progress;
        private int begun;
        private long lines;

        Printing(@Nullable OutputStream out, int last, Runnable progress) {
            this.out = out;
            this.last = last;
            this.progress = progress;
        }

        @Override
        public void begin() throws IOException {
            begun++;
            if (out != null) {
                checkNotOver();
            }
        }

        private void checkNotOver() throws IOException {
            if (begun > last) {
                throw new IOException("The files have changed meanwhile. Try again, with --to FILE");
            }
        }

        void checkEnd() throws IOException {
            if (begun < last) {
                throw new IOException("The files have changed meanwhile, nothing was printed. Try again");
            }
        }

        @Override
        public boolean change(ChangelogReader change) throws IOException {
            if (lines++ % TOLD_EVERY == 0) {
                progress.run();
            }
            if (out != null && begun == last) {
                change.writeTo(out);
            }
            return true;
        }
    }
}
