package io.antler.master;

import io.antler.metalogger.Checkpoint;
import io.antler.metalogger.Checkpoints;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.DataDirectory;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MasterConfig;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.StockProcess;
import io.antler.restore.StandbyDirectory;
import io.antler.restore.StandbySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the operator's own file system over: its clean image becomes the first checkpoint. The operator's directory is
 * only read, but for a marker at the end that refuses a second adoption. Blocking.
 */
public final class Adoption {
    /** Name of the marker in the adopted directory. */
    public static final String MARKER = "antler.adopted";

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final Duration FIRST_START = Duration.ofSeconds(60);

    private final MasterConfig config;
    private final StandbySettings firstRun;
    private final Checkpoints checkpoints;

    /** @param firstRun where and how a fresh file system is started once */
    public Adoption(MasterConfig config, StandbySettings firstRun, Checkpoints checkpoints) {
        this.config = config;
        this.firstRun = firstRun;
        this.checkpoints = checkpoints;
    }

    /**
     * Checks the operator's directory and stores its image as a checkpoint of this node. Only while nothing is adopted:
     * images of an earlier attempt are set aside.
     *
     * @throws AdoptionRefused with what to do
     * @throws IOException if a file cannot be read or written
     */
    public Checkpoint takeImage() throws IOException, BadMasterConfig {
        checkUnmarked(config);
        Path image = checkedImage(config);
        checkpoints.setAside(); // of an attempt that came to nothing: nothing is adopted yet
        return checkpoints.add(ImageHeader.read(image).isNew() ? firstRun(image) : image);
    }

    /** @throws AdoptionRefused if the operator's directory was adopted before */
    public static void checkUnmarked(MasterConfig config) {
        Path directory = config.dataPath();
        if (Files.exists(directory.resolve(MARKER))) {
            throw new AdoptionRefused(
                    directory + " was adopted before (" + MARKER + " is in it). Its image is older than"
                            + " what the cluster made of it since. If Antler's own data is really lost: antler cannot bring it"
                            + " back, restore from a metalogger, and remove the marker only if you accept that older state.");
        }
    }

    /**
     * The image that can be adopted.
     *
     * @throws AdoptionRefused if a master runs, or has not left one
     */
    public static Path checkedImage(MasterConfig config) {
        Path directory = config.dataPath();
        var data = new DataDirectory(directory);
        if (data.inUse()) {
            throw new AdoptionRefused("mfsmaster (process " + data.holder().orElse(0) + ") runs on " + directory
                    + ". Stop the service cleanly first: it must not run beside Antler.");
        }
        if (!data.hasCleanImage()) {
            throw new AdoptionRefused(
                    data.needsRestore()
                            ? directory
                                    + " holds only metadata.mfs.back: its mfsmaster was not stopped cleanly. Start it"
                                    + " once with -a, stop it cleanly, and adopt then."
                            : directory + " holds no metadata.mfs (DATA_PATH of " + config.file() + ").");
        }
        return data.cleanImage();
    }

    /** Whether the operator's directory holds that file system, or the fresh one it came from, and no marker yet. */
    public boolean isUnmarked(MetadataId id) {
        Path image = new DataDirectory(config.dataPath()).cleanImage();
        try {
            ImageHeader header = ImageHeader.read(image);
            return (header.isNew() || header.id().equals(id))
                    && !Files.exists(config.dataPath().resolve(MARKER));
        } catch (IOException none) {
            LOG.debug("no image that could have been adopted: {}", none.getMessage());
            return false;
        }
    }

    /** Durable before the operator is told: a wiped Antler must not roll the file system back. */
    public void mark(String sentence) throws IOException {
        Files.writeString(
                config.dataPath().resolve(MARKER),
                sentence + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
    }

    /** A fresh {@code MFSM NEW} gets its metadata id from the stock program: its root's times cannot be replayed. */
    private Path firstRun(Path image) throws IOException, BadMasterConfig {
        LOG.info("{} is a fresh file system: started once to get its metadata id", image);
        Path directory = firstRun.dataPath();
        StandbyDirectory.createPlain(firstRun, image);
        List<String> command = List.of(
                firstRun.program().toString(), "-f", "-c", firstRun.config().toString(), "start");
        try (StockProcess process = StockProcess.start(directory, command, line -> LOG.debug("mfsmaster: {}", line))) {
            awaitAnswer(process);
            process.terminate();
            process.onExit().toCompletableFuture().get(FIRST_START.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IOException("mfsmaster did not start and stop on " + directory + ": " + failure, failure);
        }
        Path stopped = directory.resolve("metadata.mfs");
        if (!Files.exists(stopped) || ImageHeader.read(stopped).isNew()) {
            throw new IOException("mfsmaster left no image in " + directory);
        }
        return stopped;
    }

    private void awaitAnswer(StockProcess process) throws IOException, InterruptedException, BadMasterConfig {
        long end = System.nanoTime() + FIRST_START.toNanos();
        while (true) {
            try {
                MasterProbe.ask(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), config.clientPort()),
                        Duration.ofSeconds(1));
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end
                        || process.onExit().toCompletableFuture().isDone()) {
                    throw new IOException(
                            "mfsmaster did not come up: " + notYet.getMessage() + "; " + process.lastLines());
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}
