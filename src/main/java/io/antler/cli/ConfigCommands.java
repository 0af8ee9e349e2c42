package io.antler.cli;

import io.antler.configuration.ConfigurationFiles;
import io.antler.monitor.ClusterStatus;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import io.antler.node.ConfigLoader;
import io.antler.node.NodeSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code antler config}. */
@Command(
        name = "config",
        description = "Keeps mfsmaster.cfg, mfsexports.cfg and mfstopology.cfg the same on every node.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommands {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            description = {
                "Puts this machine's files in place on every node, and has the master read them.",
                "What was there is kept beside as NAME.before-push."
            },
            mixinStandardHelpOptions = true)
    int push(
            @Option(names = "--config", paramLabel = "FILE", required = true, description = "this node's configuration")
                    Path config)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        NodeSettings settings = ConfigLoader.load(config).settings();
        SortedMap<String, String> wanted = checksums(settings.master().config());
        out.println(NodeClient.of(settings.self(), settings.ports())
                .pushConfiguration()
                .strip());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ClusterStatus status = ClusterQuery.ask(ClusterQuery.configured(config));
            List<String> missing = without(status, wanted);
            if (missing.isEmpty()) {
                out.println("In place on every node that is up.");
                return CommandLine.ExitCode.OK;
            }
            if (System.nanoTime() > end) {
                throw new CommandFailed("not in place on " + String.join(", ", missing) + " after "
                        + PATIENCE.toSeconds() + " s: antler list and the log of that node say why");
            }
            Thread.sleep(PAUSE);
        }
    }

    private static SortedMap<String, String> checksums(Path masterConfig) {
        try {
            return ConfigurationFiles.read(MasterConfig.read(masterConfig)).checksums();
        } catch (IOException | BadMasterConfig unusable) {
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        }
    }

    /** The nodes that are up, have such files, and have other ones. */
    private static List<String> without(ClusterStatus status, SortedMap<String, String> wanted) {
        return status.nodes().stream()
                .filter(row -> !row.configuration().isEmpty())
                .filter(row -> !row.configuration().entrySet().containsAll(wanted.entrySet()))
                .map(row -> row.id().value())
                .toList();
    }
}
