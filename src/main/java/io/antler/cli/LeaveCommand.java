package io.antler.cli;

import io.antler.monitor.ClusterStatus;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MasterConfig;
import io.antler.node.ConfigLoader;
import io.antler.node.NodeSettings;
import io.antler.restore.MetadataOwner;
import io.antler.restore.Point;
import io.antler.restore.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code antler leave}: the master hands over everything and nobody follows, then the whole history becomes one directory.
 * Each step may be done again, so the command may be killed anywhere and given again.
 */
@Command(
        name = "leave",
        description = {
            "Ends the service of the cluster and makes a plain data directory that a stock master starts from.",
            "To be run on a node that can become master. Given again, it goes on where it was."
        },
        mixinStandardHelpOptions = true)
final class LeaveCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "this node's configuration")
    private Path config = Path.of("antler.conf");

    @Option(names = "--to", paramLabel = "DIR", description = "is made; must not exist")
    private @Nullable Path to;

    @Option(names = "--cancel", description = "do not leave: a master is appointed again. Nothing is deleted")
    private boolean cancel;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        if (cancel == (to != null)) {
            throw new CommandLine.ParameterException(line, "Needed is either --to DIR or --cancel");
        }
        NodeSettings settings = ConfigLoader.load(config).settings();
        NodeClient self = NodeClient.of(settings.self(), settings.ports());
        return to == null
                ? cancel(line.getOut(), self)
                : leave(line, settings, self, to.toAbsolutePath().normalize());
    }

    private static int cancel(PrintWriter out, NodeClient self) {
        out.println(self.cancelLeave().strip());
        out.println("If a stock master was started from the directory meanwhile, stop it before it changes anything:"
                + " there must never be two masters of one file system.");
        return CommandLine.ExitCode.OK;
    }

    private int leave(CommandLine line, NodeSettings settings, NodeClient self, Path target) {
        if (settings.serving() == null) {
            throw new CommandFailed(
                    "Not leaving: this node is a " + settings.kind().word()
                            + " and has no mfsmaster. Run antler leave on a node that can become master");
        }
        Path program = Restoring.program(settings.master().program());
        MasterConfig master = masterConfig(settings);
        if (Files.exists(target)) {
            throw new CommandFailed(
                    target + " exists already. It is not touched: name another directory, or move it away",
                    Antler.TARGET_UNUSABLE);
        }
        PrintWriter out = line.getOut();
        out.println(self.leave().strip());
        ClusterStatus status = awaitHandOver();
        long version =
                Objects.requireNonNull(Objects.requireNonNull(status.leaving()).version());
        out.println("handed over  version " + version + ", metadata id " + status.metadataId());
        try {
            Restored restored = new Restoring(out, line.getErr())
                    .run(
                            Places.journals(config),
                            new Point.Version(version),
                            program,
                            target,
                            new MetadataOwner(master.user(), master.group().orElse(master.user())));
            int code = Restoring.code(restored);
            if (code != CommandLine.ExitCode.OK) {
                throw new CommandFailed(
                        "%s is at version %d, the last master had %d: start no master from it. Start the nodes that did not answer, move it away and run the command again"
                                .formatted(target, restored.reached(), version),
                        code);
            }
            check(target.resolve("metadata.mfs"), version, String.valueOf(status.metadataId()));
            out.println(next(target, master, status));
            return code;
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private static MasterConfig masterConfig(NodeSettings settings) {
        try {
            return MasterConfig.read(settings.master().config());
        } catch (BadMasterConfig bad) {
            throw new CommandFailed(String.valueOf(bad.getMessage()));
        }
    }

    private ClusterStatus awaitHandOver() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "no node knows the cluster";
        while (System.nanoTime() < end) {
            ClusterStatus status = null;
            try {
                status = ClusterQuery.ask(ClusterQuery.configured(config));
            } catch (CommandFailed silent) { // Leadership may be moving
                last = String.valueOf(silent.getMessage());
            }
            if (status != null) {
                if (handedOver(status)) {
                    return status;
                }
                last = status.master() == null ? "there is no master" : "master " + status.master() + " has not yet";
            }
            pause();
        }
        throw new CommandFailed("No master has handed over within " + PATIENCE.toSeconds() + " s: " + last
                + ". It still will when it can: look at antler list, and run this again; or antler leave --cancel");
    }

    private static boolean handedOver(ClusterStatus status) {
        ClusterStatus.Leaving leaving = status.leaving();
        if (leaving == null) {
            throw new CommandFailed("antler leave --cancel was given meanwhile: the cluster goes on");
        }
        return leaving.version() != null;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted; run it again, or antler leave --cancel");
        }
    }

    /** Again, of what now lies under its name. */
    private static void check(Path image, long version, String id) throws IOException {
        ImageHeader header = ImageHeader.read(image);
        if (header.version() != version || !header.id().toString().equals(id)) {
            throw new CommandFailed(
                    "%s has metadata id %s at version %d, the last master had %s at version %d: do not use it"
                            .formatted(image, header.id(), header.version(), id, version));
        }
    }

    private static String next(Path target, MasterConfig master, ClusterStatus status) throws IOException {
        String owner = Files.getOwner(target.resolve("metadata.mfs")).getName();
        String give = owner.equals(master.user())
                ? ""
                : "\n   chown -R %s %s   (it belongs to %s)".formatted(master.user(), target, owner);
        return """

                The cluster has ended its service. What is next:
                1. Stop Antler on every node, and keep it from starting again.
                2. In %s set DATA_PATH = %s, or move what is in it to where DATA_PATH is.%s
                3. Give this machine the address that chunkservers and mounts use, %s, or set their MASTER_HOST to another.
                4. Start the stock master: systemctl start moosefs-master, or mfsmaster start.
                To go on with Antler instead, before 4: antler leave --cancel --config FILE""".formatted(master.file(), target, give, status.vip().address());
    }
}
