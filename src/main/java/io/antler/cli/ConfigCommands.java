package io.antler.cli;

import io.antler.configuration.DifferenceRule;
import io.antler.master.HostStatus.Role;
import io.antler.monitor.PushedConfiguration;
import io.antler.node.ConfigLoader;
import io.antler.node.NodeSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private static final Set<String> SERVING =
            Stream.of(Role.MASTER, Role.STANDBY, Role.STARTING).map(Role::word).collect(Collectors.toUnmodifiableSet());

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            description = {
                "Puts this machine's files in place on every node, and has the master read them.",
                "What was there is kept beside as NAME.before-push-NUMBER."
            },
            mixinStandardHelpOptions = true)
    int push(
            @Option(names = "--config", paramLabel = "FILE", required = true, description = "this node's configuration")
                    Path config)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        NodeSettings settings = ConfigLoader.load(config).settings();
        PushedConfiguration pushed =
                NodeClient.of(settings.self(), settings.ports()).pushConfiguration();
        pushed.files().forEach((name, checksum) -> out.println("pushed       " + name + " " + checksum));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> missing = without(pushed.number(), config);
            if (missing.isEmpty()) {
                out.println("result       in place on every node that is up");
                return CommandLine.ExitCode.OK;
            }
            if (System.nanoTime() > end) {
                throw new CommandFailed("pushed, but not in place after " + PATIENCE.toSeconds() + " s: "
                        + String.join(", ", missing) + ". antler list and the log of that node say why");
            }
            Thread.sleep(PAUSE);
        }
    }

    /** The nodes that are up and can be master, and have not put it in place; or why that is not known. */
    private static List<String> without(long number, Path config) {
        try {
            return ClusterQuery.ask(ClusterQuery.configured(config)).nodes().stream()
                    .filter(row -> SERVING.contains(row.role()))
                    .filter(row -> number > Long.parseLong(row.configuration().getOrDefault(DifferenceRule.PUSH, "0")))
                    .map(row -> row.id().value())
                    .toList();
        } catch (CommandFailed moving) {
            return List.of(String.valueOf(moving.getMessage()));
        }
    }
}
