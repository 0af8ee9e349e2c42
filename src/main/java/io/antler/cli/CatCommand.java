package io.antler.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler changelog cat}. */
@Command(
        name = "cat",
        description = "Prints the lines of changelog files, uncompressed, the file with the earliest changes first.",
        mixinStandardHelpOptions = true)
final class CatCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "changelog files, or directories with such")
    private List<Path> files = List.of();

    @Option(names = "--from", paramLabel = "POINT", description = "from this version or time on")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "POINT", description = "up to this version or time, included")
    private @Nullable String to;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Bounds bounds = Bounds.of(line, "--from", from, "--to", to);
        try (var progress = ProgressLine.besideOutput(line.getErr());
                OutputStream out = Terminal.bytes(line.getOut())) {
            boolean whole = new LineWalk(Changelogs.of(files), line.getErr(), progress, true).run(each -> {
                if (bounds.has(each.version(), each.seconds())) {
                    each.writeTo(out);
                }
            });
            return whole ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }
}
