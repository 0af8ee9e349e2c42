package io.antler.metalogger.keeping;

import io.antler.metalogger.ImageDownload;
import io.antler.metalogger.MasterFiles;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.StoredImage;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the master's images by a schedule while the changes are followed, and keeps house: the operator's command, old images
 * and changes, compression. On a thread of its own, one thing after the other.
 */
public final class ImageKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ImageKeeper.class);
    private static final String SCHEDULED = "scheduled";

    private final Supplier<Optional<Master>> master;
    private final ImageFeed feed;
    private final KeepingSettings settings;
    private final Duration timeout;
    private final Alarms alarms;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Instant handled; // of the thread, like the next
    private @Nullable Instant tried;
    private volatile ImageCommand.@Nullable Result command;

    /**
     * @param master whose images are fetched now; empty if nobody is known
     * @param timeout for each answer of the master
     */
    public ImageKeeper(
            Supplier<Optional<Master>> master,
            ImageFeed feed,
            KeepingSettings settings,
            Duration timeout,
            Alarms alarms,
            InstantSource clock) {
        this.master = master;
        this.feed = feed;
        this.settings = settings;
        this.timeout = timeout;
        this.alarms = alarms;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("antler-images").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** At once; what is under way has no effect. */
    public void stop() {
        stopped.countDown();
        thread.interrupt();
    }

    /** Of the operator's command, the last one; null before the first. */
    public ImageCommand.@Nullable Result command() {
        return command;
    }

    private void run() {
        try {
            while (!stopped.await(settings.checkInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                    alarms.over(Alarms.Kind.NO_IMAGE);
                } catch (IOException e) {
                    if (stopped.getCount() > 0) {
                        alarms.raise(Alarms.Kind.NO_IMAGE, "no new image of the master: " + e.getMessage());
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped by its owner", e);
        }
    }

    private void look() throws IOException, InterruptedException {
        Optional<ImageFeed.Stored> following = following();
        if (following.isEmpty() || following.get().archive().newestImage().isEmpty()) {
            return; // the follower says why
        }
        Optional<Master> now = master.get();
        if (now.isEmpty()) {
            return;
        }
        look(now.get(), following.get());
    }

    private void look(Master now, ImageFeed.Stored following) throws IOException, InterruptedException {
        Archive archive = following.archive();
        StoredImage newest = archive.newestImage().orElseThrow();
        MasterProbe.Answer answer = MasterProbe.ask(now.clients(), timeout);
        var view = new ImageRule.View(clock.instant(), answer.saved(), handled, newest.time(), tried);
        String reason = ImageRule.reason(view, new ImageRule.Schedule(settings.afterSave(), settings.atLeastEvery()));
        if (reason == null) {
            handled = answer.saved();
            return;
        }
        tried = clock.instant();
        fetch(now, following, answer.id(), reason);
        handled = answer.saved();
    }

    private Optional<ImageFeed.Stored> following() throws InterruptedException {
        try {
            return Optional.of(feed.barrier().get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the changes are not followed now, so no image is fetched", e);
            return Optional.empty();
        }
    }

    private void fetch(Master now, ImageFeed.Stored before, MetadataId id, String reason)
            throws IOException, InterruptedException {
        Path staged = before.archive().incoming(SCHEDULED);
        try (MasterFiles files = MasterFiles.open(now.changes(), timeout)) {
            ImageHeader header = ImageDownload.header(files);
            if (before.archive().images().stream().anyMatch(image -> image.version() == header.version())) {
                LOG.debug("version={} the master's image is here already", header.version());
                return;
            }
            ImageDownload.fetch(files, staged);
        }
        try {
            Archive archive = following()
                    .filter(after -> after.history() == before.history())
                    .map(ImageFeed.Stored::archive)
                    .orElseThrow(() -> new IOException("the connection was lost while it was fetched, so it may be of"
                            + " another history; it is fetched again"));
            long version = ImageHeader.read(staged).version();
            if (version > archive.next()) {
                throw new IOException("the image is at version " + version + ", the changes are stored up to "
                        + archive.next() + " only; it is fetched again");
            }
            if (archive.install(staged, id)) {
                LOG.info("version={} image of the master stored: {}", version, reason);
                keepHouse(archive, id);
            }
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    private void keepHouse(Archive archive, MetadataId id) throws InterruptedException {
        if (!settings.command().isEmpty()) {
            runCommand(archive, id);
        }
        try {
            List<Path> gone = archive.retain(settings.limits());
            if (!gone.isEmpty()) {
                LOG.info("deleted by age, count or size: {}", gone);
            }
            if (settings.compress()) {
                archive.compress(settings.plainImages());
            }
            alarms.over(Alarms.Kind.HOUSEKEEPING);
        } catch (IOException e) {
            alarms.raise(
                    Alarms.Kind.HOUSEKEEPING,
                    "old images and changes are not deleted or compressed, the next image tries again: "
                            + e.getMessage());
        }
    }

    private void runCommand(Archive archive, MetadataId id) throws InterruptedException {
        StoredImage image = archive.newestImage().orElseThrow();
        ImageCommand.Result result =
                new ImageCommand(settings.command(), settings.commandTimeout()).run(image, id, clock);
        command = result;
        if (result.isGood()) {
            alarms.over(Alarms.Kind.COMMAND_FAILED);
            LOG.info("version={} the command for images has ended well", image.version());
        } else {
            alarms.raise(
                    Alarms.Kind.COMMAND_FAILED,
                    "the command for images, " + settings.command().getFirst() + ", "
                            + (result.exit() == null ? "failed" : "ended with " + result.exit()) + " for "
                            + image.file().getFileName() + " of version " + image.version() + ": " + result.output());
        }
    }
}
