package io.antler.cli;

import io.antler.restore.MetadataOwner;
import io.antler.restore.Point;
import io.antler.restore.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code antler restore}. */
@Command(
        name = "restore",
        description = {
            "Makes a directory with a metadata.mfs that a master can start from, out of everything that several places have.",
            "Says what is nowhere."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            required = true,
            arity = "1..*",
            description = {
                "several: directory of a master or metalogger, compressed or not;",
                "ADDRESS[:PORT] of a node or metalogger; cluster: all nodes of --config"
            })
    private List<String> from = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "where the nodes of --from cluster are")
    private @Nullable Path config;

    @Option(names = "--to", paramLabel = "DIR", description = "is made; must not exist")
    private @Nullable Path to;

    @Option(
            names = "--at",
            paramLabel = "POINT",
            description = {
                "a metadata version, or a time (2026-11-28T06:55:00, with offset or in the zone of this machine;",
                "@SECONDS since 1970): the state before the first change that is later"
            })
    private @Nullable String at;

    @Option(names = "--dry-run", description = "only say what would be restored from what")
    private boolean dryRun;

    @Option(
            names = "--program",
            paramLabel = "FILE",
            defaultValue = "/usr/sbin/mfsmaster",
            description = "the stock master (default: ${DEFAULT-VALUE})")
    private Path program = Path.of("mfsmaster");

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        if (to == null && !dryRun) {
            throw new CommandLine.ParameterException(line, "Missing required option: '--to=DIR' (or --dry-run)");
        }
        Point point = Bounds.point(line, "--at", at);
        try {
            Path target = dryRun ? null : to;
            Restored restored = new Restoring(line.getOut(), line.getErr())
                    .run(
                            Places.of(from, config),
                            point,
                            target == null ? program : Restoring.program(program),
                            target,
                            MetadataOwner.OF_PACKAGES);
            return Restoring.code(restored);
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }
}
