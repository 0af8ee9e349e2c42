package io.antler.cli;

import io.antler.collector.Collection;
import io.antler.collector.Finding;
import io.antler.collector.Sources;
import io.antler.collector.TargetUnusable;
import io.antler.collector.TwoFileSystems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code antler changelog}. */
@Command(
        name = "changelog",
        description = "Works on changelog files, without a cluster.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CatCommand.class,
            DiffCommand.class,
            ExplainCommand.class,
            MergeCommand.class,
            VerifyCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class ChangelogCommands {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            description = {
                "Makes one directory of everything that several have: the newest image, and each change once.",
                "A stock mfsmaster -a can use it as it is. Says what is missing or contradictory."
            },
            mixinStandardHelpOptions = true)
    int collect(
            @Option(
                            names = "--from",
                            paramLabel = "SOURCE",
                            required = true,
                            arity = "1..*",
                            description = {
                                "several: directory of a master or metalogger, compressed or not;",
                                "ADDRESS[:PORT] of a node or metalogger; cluster: all nodes of --config"
                            })
                    List<String> from,
            @Option(names = "--config", paramLabel = "FILE", description = "where the nodes of --from cluster are")
                    @Nullable
                    Path config,
            @Option(names = "--to", paramLabel = "DIR", required = true, description = "is made; must not exist")
                    Path to,
            @Option(names = "--dry-run", description = "only say what there is") boolean dryRun) {
        PrintWriter out = spec.commandLine().getOut();
        var report = new SourceReport(out);
        try {
            Sources sources = Sources.scan(Places.of(from, config));
            report.sources(sources);
            Collection collection = dryRun ? Collection.look(sources) : Collection.write(sources, to);
            report.passedOver(collection.passedOver());
            collection.image().ifPresentOrElse(report::image, () -> out.println("image        none"));
            report.changes(collection.history());
            report.findings(collection.history(), collection.beyond());
            out.printf("result       version %d%s%n", collection.reached(), dryRun ? "" : " in " + to);
            return code(collection.beyond());
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /** Of something that was done as far as the files allow. */
    static int code(List<Finding> beyond) {
        if (beyond.stream().anyMatch(Finding.Conflict.class::isInstance)) {
            return Antler.CONTRADICTORY;
        }
        return beyond.isEmpty() ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
    }

    static CommandFailed failed(IOException failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return switch (failure) {
            case TargetUnusable _ -> new CommandFailed(message, Antler.TARGET_UNUSABLE);
            case Terminal.OutputClosed _ -> new CommandFailed(message, Antler.OUTPUT_CLOSED);
            case TwoFileSystems _ -> new CommandFailed(message, Antler.TWO_FILE_SYSTEMS);
            default -> new CommandFailed(message);
        };
    }
}
