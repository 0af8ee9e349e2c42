package io.antler.node;

import io.antler.collector.MissingChanges;
import io.antler.metalogger.alone.Follower;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.ArchiveUnusable;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.ImageKeeper;
import io.antler.metalogger.keeping.Master;
import io.antler.monitor.HistoryRoutes;
import io.antler.monitor.MetaloggerApi;
import io.antler.monitor.MetaloggerStatus;
import io.antler.moosefs.DataDirectory;
import io.antler.moosefs.MasterProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process of {@code antler metalogger}, from its start to its end. */
public final class LoneMetalogger {
    private static final Logger LOG = LoggerFactory.getLogger(LoneMetalogger.class);

    private LoneMetalogger() {}

    /**
     * Runs until SIGTERM or SIGINT.
     *
     * @return the exit code: {@link NodeSettings.ExitCodes#UNUSABLE_BY_DEFAULT} if it does not start
     */
    public static int run(Master master, Path directory, LoneSettings settings) {
        InstantSource clock = InstantSource.system();
        try (DirectoryLock _ = DirectoryLock.take(directory.resolve("antler.lock"), "--to " + directory)) {
            Archive.Opening opening = () -> open(directory, settings, clock);
            check(master, opening, settings);
            var alarms = new Alarms(clock);
            Duration timeout = settings.protocol().timeout();
            var follower = new Follower(
                    master,
                    settings.protocol(),
                    settings.alarmAfter(),
                    opening,
                    new MissingChanges(settings.collector().places()),
                    alarms,
                    clock);
            var images =
                    new ImageKeeper(() -> Optional.of(master), follower, settings.keeping(), timeout, alarms, clock);
            var api = new MetaloggerApi(
                    master.toString(),
                    directory.toString(),
                    new MetaloggerStatus.Source(follower, images, alarms),
                    clock);
            var history = new HistoryRoutes(List::of, List.of(directory), Optional.empty(), task -> Thread.ofVirtual()
                    .start(task));
            try (LoneHttp _ = LoneHttp.open(settings.http(), api, history.route())) {
                follower.start();
                images.start();
                LOG.info("metalogger of master {} started on {}", master, directory);
                untilSignal(() -> stop(follower, images));
            }
            return 0;
        } catch (PremisesUnusable | IOException unusable) {
            LOG.error("not started: {}", unusable.getMessage());
            return NodeSettings.ExitCodes.UNUSABLE_BY_DEFAULT;
        }
    }

    private static Archive open(Path directory, LoneSettings settings, InstantSource clock) throws IOException {
        OptionalLong holder = new DataDirectory(directory).holder();
        if (holder.isPresent()) {
            throw new IOException("mfsmaster (process " + holder.getAsLong() + ") runs on " + directory
                    + ". Copy the directory for it next time; name another one for the metalogger now");
        }
        return Archive.open(directory, settings.changelogBytes(), clock);
    }

    /** What a person has to set right is told at the start; a master that is not there yet is waited for. */
    private static void check(Master master, Archive.Opening opening, LoneSettings settings) throws IOException {
        try (Archive archive = opening.open()) {
            checkMaster(master, archive, settings);
        }
    }

    private static void checkMaster(Master master, Archive archive, LoneSettings settings) throws ArchiveUnusable {
        try {
            archive.check(MasterProbe.ask(master.clients(), settings.protocol().timeout())
                    .id());
        } catch (ArchiveUnusable e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{}; trying again", e.getMessage());
        }
    }

    private static void stop(Follower follower, ImageKeeper images) {
        images.stop();
        try {
            follower.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void untilSignal(Runnable stop) {
        var signal = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            signal.countDown();
                            await(stopped);
                            LOG.info("stopped");
                            Runtime.getRuntime().halt(0); // instead of 143
                        },
                        "stop"));
        await(signal);
        stop.run();
        stopped.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
