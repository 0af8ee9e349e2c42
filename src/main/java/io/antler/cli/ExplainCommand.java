package io.antler.cli;

import io.antler.changelog.Explainer;
import io.antler.changelog.Filter;
import io.antler.changelog.Names;
import io.antler.changelog.NamesFull;
import io.antler.changelog.Operations;
import io.antler.moosefs.ImageReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler changelog explain}. */
@Command(
        name = "explain",
        description = "Says in words what each change did, to which file, and when.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    private static final long MOST_INODES = (1L << 32) - 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "changelog files, or directories with such")
    private List<Path> files = List.of();

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "a metadata.mfs, best one from before the first change: says what inodes are called")
    private @Nullable Path image;

    @Option(names = "--inode", paramLabel = "N", description = "only changes that name this inode")
    private @Nullable Long inode;

    @Option(names = "--path", paramLabel = "PATH", description = "only changes of this path, and below it")
    private @Nullable String path;

    @Option(names = "--session", paramLabel = "N", description = "only changes that name this session")
    private @Nullable Long session;

    @Option(names = "--operation", paramLabel = "NAME", split = ",", description = "only these, like UNLINK,MOVE")
    private List<String> operations = new ArrayList<>();

    @Option(names = "--since", paramLabel = "POINT", description = "from this version or time on")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "POINT", description = "up to this version or time, included")
    private @Nullable String until;

    @Option(names = "--json", description = "a JSON object in each line")
    private boolean json;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Filter filter = filter(line);
        try (var progress = ProgressLine.besideOutput(line.getErr());
                OutputStream out = Terminal.bytes(line.getOut())) {
            Changelogs changelogs = Changelogs.of(files);
            var explainer = new Explainer(Names.ofThisSize(), ZoneId.systemDefault());
            OptionalLong imageVersion = learn(explainer, progress);
            var lines = new ExplainedLines(explainer, filter, json, out);
            boolean whole = new LineWalk(changelogs, line.getErr(), progress, false).run(lines::add);
            lines.flush();
            if (imageVersion.isPresent() && lines.first() < imageVersion.getAsLong()) {
                progress.say("antler: " + image + " is at version " + imageVersion.getAsLong()
                        + ": changes before it are told with the names that it has");
            }
            return whole ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
        } catch (NamesFull full) {
            throw new CommandFailed(String.valueOf(full.getMessage()));
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private OptionalLong learn(Explainer explainer, ProgressLine progress) throws IOException {
        if (image == null) {
            return OptionalLong.empty();
        }
        try (ImageReader reader = ImageReader.open(image)) {
            long size = Files.size(image);
            explainer.learn(reader, read -> progress.read(read, size));
            return OptionalLong.of(reader.header().version());
        }
    }

    private Filter filter(CommandLine line) {
        var filter = new Filter();
        if (inode != null) {
            filter.inode(number(line, "--inode", inode));
        }
        if (session != null) {
            filter.session(number(line, "--session", session));
        }
        if (path != null) {
            if (!path.startsWith("/")) {
                throw new CommandLine.ParameterException(
                        line,
                        "--path: " + path + " does not begin with /. It is counted from the root of the file system");
            }
            filter.path(path);
        }
        List<String> names =
                operations.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
        for (String name : names) {
            if (Operations.named(name).isEmpty()) {
                line.getErr()
                        .println("antler: --operation " + name
                                + " is none that is known; docs/reference/changelog.md has all");
            }
        }
        filter.operations(names);
        Bounds bounds = Bounds.of(line, "--since", since, "--until", until);
        filter.versions(bounds.firstVersion(), bounds.lastVersion());
        filter.seconds(bounds.firstSecond(), bounds.lastSecond());
        return filter;
    }

    private static long number(CommandLine line, String option, long number) {
        if (number < 1 || number > MOST_INODES) {
            throw new CommandLine.ParameterException(
                    line, option + ": " + number + " is not between 1 and " + MOST_INODES);
        }
        return number;
    }
}
