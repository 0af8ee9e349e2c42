package io.antler.node;

import com.typesafe.config.Config;
import io.antler.configuration.ConfigurationKeeper;
import io.antler.gate.Door;
import io.antler.gate.NftDoor;
import io.antler.kernel.Hangup;
import io.antler.master.Adoption;
import io.antler.master.Directories;
import io.antler.metalogger.Checkpoint;
import io.antler.metalogger.Checkpoints;
import io.antler.metalogger.DurableFile;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.DataDirectory;
import io.antler.moosefs.InstalledProgram;
import io.antler.moosefs.MasterConfig;
import io.antler.moosefs.StockProcess;
import io.antler.restore.StandbySettings;
import io.antler.vip.LinuxVip;
import io.antler.vip.VipSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place on this machine of a node that can become master: what an earlier life left is cleaned away, and what it needs
 * is checked before anything starts. Only what carries this node's own mark is ever cleaned.
 */
final class Premises implements ConfigurationKeeper.Program, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Premises.class);

    private final NodeSettings settings;
    private final LongSupplier clock;
    private final ExecutorService blocking = pool("blocking-", 4);
    private final ExecutorService oneByOne = pool("address-", 1);
    private final ExecutorService doorOneByOne = pool("door-", 1);
    private final MasterConfig masterConfig;
    private final MasterConfig.Ports ports;
    private final InstalledProgram program;
    private final VipSettings vipSettings;
    private final LinuxVip vip;
    private final Door door;
    private final Checkpoints checkpoints;

    private Premises(NodeSettings settings, VipSettings vipSettings, LongSupplier clock)
            throws IOException, BadMasterConfig {
        this.settings = settings;
        this.clock = clock;
        this.masterConfig = MasterConfig.read(settings.master().config());
        this.ports = masterConfig.ports();
        this.program = new InstalledProgram(settings.master().program());
        this.vipSettings = vipSettings;
        this.vip = new LinuxVip(vipSettings, clock, oneByOne);
        this.door = new NftDoor(List.of(), ports.all(), doorOneByOne);
        this.checkpoints = Checkpoints.open(settings.dataDir().resolve("checkpoints"));
    }

    /** @throws PremisesUnusable with what to do */
    static Premises enter(NodeSettings settings, Config config, LongSupplier clock) {
        try {
            var premises = new Premises(settings, VipSettings.from(config), clock);
            premises.cleanLeftovers();
            premises.noForeignMaster();
            premises.writeMasterConfig(premises.masterConfig);
            premises.door.shut().toCompletableFuture().join();
            return premises;
        } catch (RuntimeException | IOException | BadMasterConfig failure) {
            throw new PremisesUnusable(rootMessage(failure));
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root instanceof CompletionException) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static ExecutorService pool(String name, int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    private void cleanLeftovers() throws IOException {
        Path dataDir = settings.dataDir();
        List<Long> killed = new ArrayList<>(StockProcess.killLeftovers(dataDir.resolve("master")));
        killed.addAll(StockProcess.killLeftovers(dataDir.resolve("first-run")));
        if (!killed.isEmpty()) {
            LOG.warn("an earlier life of this node left mfsmaster processes {} behind: killed", killed);
        }
        vip.removeLeftover().toCompletableFuture().join();
        door.removeLeftover().toCompletableFuture().join();
    }

    /** Whoever runs an {@code mfsmaster} here besides us is left alone, and we do not start. */
    private void noForeignMaster() {
        MasterConfig config = masterConfig;
        OptionalLong owner = new DataDirectory(config.dataPath()).holder();
        if (owner.isPresent()) {
            throw new PremisesUnusable(
                    "mfsmaster (process " + owner.getAsLong() + ") already runs on " + config.dataPath()
                            + ", started by somebody else; it is left alone. Stop that service cleanly"
                            + " (systemctl disable --now moosefs-master), then start Antler.");
        }
        for (int port : ports.all()) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(port));
            } catch (IOException taken) {
                throw new PremisesUnusable(
                        "port " + port + " of mfsmaster is in use by another program (" + taken.getMessage()
                                + "). Find it with ss -ltnp 'sport = :" + port + "' and stop it, or change the port in "
                                + config.file() + ".");
            }
        }
    }

    /** What Antler's own {@code mfsmaster} is started with; says what is not as the operator has it. */
    private void writeMasterConfig(MasterConfig config) throws IOException {
        for (Path dataPath : List.of(masterDirectory(), firstRun())) {
            MasterConfig.Generated generated = config.withOverrides(dataPath);
            Path file = generatedConfig(dataPath);
            Path beside = DurableFile.beside(file);
            Files.writeString(beside, generated.text(), StandardCharsets.ISO_8859_1);
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
            DurableFile.publish(beside, file);
            if (dataPath.equals(masterDirectory())) {
                generated.overridden().forEach(sentence -> LOG.info("mfsmaster.cfg: {}", sentence));
            }
        }
    }

    @Override
    public Path configFile() {
        return settings.master().config();
    }

    @Override
    public MasterConfig running() {
        return masterConfig;
    }

    @Override
    public String version() throws IOException {
        return program.version();
    }

    @Override
    public void reload() throws IOException, BadMasterConfig {
        writeMasterConfig(MasterConfig.read(configFile()).asFarAsReloadable(masterConfig));
        OptionalLong program = new DataDirectory(masterDirectory()).holder();
        if (program.isPresent()) {
            Hangup.send(program.getAsLong());
        }
    }

    private Path masterDirectory() {
        return new Directories(settings.dataDir()).master();
    }

    private Path firstRun() {
        return settings.dataDir().resolve("first-run");
    }

    private Path generatedConfig(Path dataPath) {
        return settings.dataDir().resolve(dataPath.getFileName() + ".cfg");
    }

    StandbySettings standbySettings() {
        return standbySettings(masterDirectory());
    }

    private StandbySettings standbySettings(Path dataPath) {
        return new StandbySettings(
                settings.master().program(),
                generatedConfig(dataPath),
                dataPath,
                masterConfig.user(),
                masterConfig.group());
    }

    Directories directories() {
        return new Directories(settings.dataDir());
    }

    Checkpoints checkpoints() {
        return checkpoints;
    }

    Optional<Path> checkpointFile(long version) {
        return checkpoints.all().stream()
                .filter(checkpoint -> checkpoint.version() == version)
                .map(Checkpoint::image)
                .findFirst();
    }

    Adoption adoption() {
        return new Adoption(masterConfig, standbySettings(firstRun()), checkpoints);
    }

    LongSupplier clock() {
        return clock;
    }

    MasterConfig.Ports ports() {
        return ports;
    }

    LinuxVip vip() {
        return vip;
    }

    VipSettings vipSettings() {
        return vipSettings;
    }

    Door door() {
        return door;
    }

    ExecutorService blocking() {
        return blocking;
    }

    /** Leaves nothing behind: the address and the processes are gone already, the door goes now. */
    @Override
    public void close() {
        try {
            door.remove().toCompletableFuture().join();
        } finally {
            List.of(blocking, oneByOne, doorOneByOne).forEach(ExecutorService::shutdownNow);
        }
    }
}
