package io.antler.cli;

import com.typesafe.config.Config;
import io.antler.node.BadConfiguration;
import io.antler.node.ConfigLoader;
import io.antler.node.LoneMetalogger;
import io.antler.node.LoneSettings;
import io.antler.node.Machine;
import io.antler.node.Node;
import io.antler.node.NodeSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Entry of {@code bin/antler}. Expected failures are one line each on standard error and an exit code. */
@Command(
        name = "antler",
        description = "Makes the MooseFS master redundant.",
        mixinStandardHelpOptions = true,
        versionProvider = Antler.Version.class,
        subcommands = {
            ChangelogCommands.class,
            ConfigCommands.class,
            ImageCommands.class,
            RestoreCommand.class,
            OrphansCommands.class,
            LeaveCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Each command explains itself: antler COMMAND --help"})
public final class Antler {
    static final int FAILED = 1;
    static final int INCOMPLETE = 3;
    static final int CONTRADICTORY = 4;
    static final int TARGET_UNUSABLE = 5;
    static final int TWO_FILE_SYSTEMS = 6;
    static final int OUTPUT_CLOSED = 7;

    private final PrintWriter out;
    private final PrintWriter err;
    private final ToIntBiFunction<NodeSettings, Config> runNode;

    private Antler(PrintWriter out, PrintWriter err, ToIntBiFunction<NodeSettings, Config> runNode) {
        this.out = out;
        this.err = err;
        this.runNode = runNode;
    }

    public static void main(String[] args) {
        var out = new Terminal(new FileOutputStream(FileDescriptor.out), System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, Node::run, args));
    }

    static int run(PrintWriter out, PrintWriter err, ToIntBiFunction<NodeSettings, Config> runNode, String... args) {
        CommandLine line = commandLine(out, err, runNode);
        if (args.length == 0) {
            line.usage(err);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err, ToIntBiFunction<NodeSettings, Config> runNode) {
        return new CommandLine(new Antler(out, err, runNode))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, _, _) -> explain(failure, err));
    }

    @Command(
            description = "Runs a node in the foreground. SIGTERM makes it leave the cluster properly.",
            mixinStandardHelpOptions = true)
    int node(
            @Option(names = "--config", paramLabel = "FILE", required = true, description = "the node's configuration")
                    Path config,
            @Option(
                            names = "--join",
                            description = {
                                "ask the running cluster of antler.nodes to take this node in,",
                                "in place of the one that had its id before"
                            })
                    boolean join) {
        ConfigLoader.Loaded loaded = ConfigLoader.load(config);
        NodeSettings settings = join ? loaded.settings().asJoining() : loaded.settings();
        List<String> problems = Machine.problems(settings);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> err.println("antler: " + problem));
            return settings.exitCodes().unusable();
        }
        settings.warnings().forEach(warning -> err.println("antler: " + warning));
        return runNode.applyAsInt(settings, loaded.config());
    }

    @Command(
            description = {
                "Makes the metadata of this machine's stopped mfsmaster the first checkpoint of the cluster.",
                "To be run once, on the node that has it."
            },
            mixinStandardHelpOptions = true)
    int adopt(
            @Option(names = "--config", paramLabel = "FILE", required = true, description = "this node's configuration")
                    Path config,
            @Option(
                            names = "--dry-run",
                            description = {
                                "only say what is to be done before, and what would go wrong;",
                                "also while the old master still runs"
                            })
                    boolean dryRun) {
        NodeSettings settings = ConfigLoader.load(config).settings();
        if (dryRun) {
            return AdoptionReport.print(settings, out);
        }
        out.println(NodeClient.of(settings.self(), settings.ports()).adopt().strip());
        return CommandLine.ExitCode.OK;
    }

    @Command(
            description = {
                "Ends the membership of a node, this one or another; its directory is not taken back.",
                "Refused when the rest would have no majority."
            },
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NODE", description = "the id of the node to remove") String node,
            @Option(names = "--config", paramLabel = "FILE", required = true, description = "this node's configuration")
                    Path config) {
        NodeSettings settings = ConfigLoader.load(config).settings();
        out.println(
                NodeClient.of(settings.self(), settings.ports()).remove(node).strip());
        return CommandLine.ExitCode.OK;
    }

    @Command(
            description = {
                "Follows a master from any machine, without a cluster: keeps its changes and images in a directory",
                "from which a stock mfsmaster -a can start. SIGTERM ends it."
            },
            mixinStandardHelpOptions = true)
    int metalogger(
            @Option(
                            names = "--master",
                            paramLabel = "HOST[:PORT]",
                            required = true,
                            description = "the master, and its port for metaloggers if that is not 9419")
                    String master,
            @Option(names = "--to", paramLabel = "DIR", required = true, description = "the directory, for this alone")
                    Path directory,
            @Option(names = "--config", paramLabel = "FILE", description = "keys below antler.metalogger") @Nullable
                    Path config) {
        LoneSettings settings = ConfigLoader.loadAlone(config);
        return LoneMetalogger.run(
                settings.master(master), directory.toAbsolutePath().normalize(), settings);
    }

    @Command(description = "Shows the cluster as one node sees it.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--json", description = "for programs; docs/reference/commands.md has the form")
                    boolean json,
            @Option(names = "--node", paramLabel = "ADDRESS[:PORT]", description = "the node to ask") @Nullable
                    String node,
            @Option(
                            names = "--config",
                            paramLabel = "FILE",
                            description = "ask the nodes of this configuration, the first that answers")
                    @Nullable
                    Path config) {
        if ((node == null) == (config == null)) {
            err.println("antler: list needs either --node ADDRESS[:PORT] or --config FILE");
            return CommandLine.ExitCode.USAGE;
        }
        var status = ClusterQuery.ask(
                config == null ? ClusterQuery.named(String.valueOf(node)) : ClusterQuery.configured(config));
        out.println(json ? status.toJson() : ClusterTable.of(status));
        return CommandLine.ExitCode.OK;
    }

    private static int explain(Exception failure, PrintWriter err) {
        return switch (failure) {
            case BadConfiguration bad -> {
                bad.problems().forEach(problem -> err.println("antler: " + problem));
                yield NodeSettings.ExitCodes.UNUSABLE_BY_DEFAULT;
            }
            case CommandFailed failed when failed.exitCode() == OUTPUT_CLOSED -> OUTPUT_CLOSED; // nobody listens
            case CommandFailed failed -> {
                err.println("antler: " + failed.getMessage());
                yield failed.exitCode();
            }
            default -> {
                LoggerFactory.getLogger(Antler.class).error("This is a defect of Antler, please report it", failure);
                yield FAILED;
            }
        };
    }

    /** From the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Antler.class.getPackage().getImplementationVersion();
            return new String[] {"antler " + (version == null ? "(not packaged)" : version)};
        }
    }
}
