package io.antler.metalogger.learner;

import akka.stream.javadsl.SinkQueueWithCancel;
import io.antler.metalogger.ChangesBatch;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.NotResumable;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.ArchiveUnusable;
import io.antler.metalogger.archive.HistoryConflict;
import io.antler.metalogger.archive.NotStored;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.Gap;
import io.antler.metalogger.keeping.ImageFeed;
import io.antler.metalogger.keeping.Progress;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the changes of the journal in an archive, on a thread of its own. It begins with the image that the cluster adopted;
 * whatever fails is tried again.
 */
public final class Learner implements ImageFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Much longer than the lease: then nothing serves any more that was master before. */
    static final Duration SETTLED = Duration.ofMinutes(1);

    /** Gets the image that the cluster adopted. */
    public interface Beginning {
        /** @param target the file to make */
        void copyTo(Path target) throws IOException, InterruptedException;
    }

    /**
     * What holds in the cluster.
     *
     * @param id of the file system it serves
     * @param epoch number of the mastership; 0 without a master
     */
    public record Situation(MetadataId id, long epoch, Beginning beginning) {}

    private final ChangesSource changes;
    private final Archive.Opening opening;
    private final Elsewhere elsewhere;
    private final MetaloggerSettings settings;
    private final Alarms alarms;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Archive archive;
    private volatile @Nullable SinkQueueWithCancel<ChangesBatch> queue;
    private volatile Progress progress = Progress.NONE;
    private @Nullable Situation situation; // guarded by this, like the next
    private Instant since = Instant.EPOCH;

    /** @param elsewhere where to look for what the journal does not have any more */
    public Learner(
            ChangesSource changes,
            Archive.Opening opening,
            Elsewhere elsewhere,
            MetaloggerSettings settings,
            Alarms alarms,
            InstantSource clock) {
        this.changes = changes;
        this.opening = opening;
        this.elsewhere = elsewhere;
        this.settings = settings;
        this.alarms = alarms;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("antler-learner").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Any thread, as often as something is heard. */
    public synchronized void heard(Situation now) {
        if (situation == null || situation.epoch() != now.epoch()) {
            since = clock.instant();
        }
        situation = now;
    }

    private synchronized @Nullable Situation situation() {
        return situation;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public @Nullable Archive archive() {
        return archive;
    }

    /** Only under a master that has been the same for so long that no other one serves, so its images are of the journal's history. */
    @Override
    public synchronized CompletableFuture<Stored> barrier() {
        Archive now = archive;
        if (now == null || situation == null || situation.epoch() == 0) {
            return CompletableFuture.failedFuture(new IOException("no master is known, or nothing is stored"));
        }
        if (Duration.between(since, clock.instant()).compareTo(SETTLED) < 0) {
            return CompletableFuture.failedFuture(new IOException("the master is new, its images are not fetched yet"));
        }
        return CompletableFuture.completedFuture(new Stored(now, situation.epoch()));
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                Situation now = situation();
                if (now != null) {
                    store(now);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped by its owner", e);
        }
    }

    private void store(Situation now) throws InterruptedException {
        try (Archive opened = opening.open()) {
            archive = opened;
            opened.check(now.id());
            if (opened.next() < 0) {
                begin(opened, now);
            }
            follow(opened);
        } catch (ArchiveUnusable e) {
            alarms.raise(Alarms.Kind.FOREIGN, String.valueOf(e.getMessage()));
        } catch (NotStored e) {
            alarms.raise(
                    Alarms.Kind.NOT_STORED, "nothing can be stored, it is tried again all the time: " + e.getMessage());
        } catch (IOException e) {
            if (stopped.getCount() > 0) {
                alarms.raise(Alarms.Kind.NOT_FOLLOWING, "the journal is not followed: " + e.getMessage());
            }
        } finally {
            archive = null;
            progress = progress.in(Progress.State.CONNECTING);
        }
    }

    private void begin(Archive opened, Situation now) throws IOException, InterruptedException {
        Path staged = opened.incoming("beginning");
        now.beginning().copyTo(staged);
        opened.install(staged, now.id());
        LOG.info("version={} the image that the cluster adopted is stored", opened.next());
    }

    /** Ends only with an exception, or when it is stopped. */
    private void follow(Archive opened) throws IOException, InterruptedException {
        SinkQueueWithCancel<ChangesBatch> batches = changes.from(opened.comparableFrom());
        queue = batches;
        try {
            progress = new Progress(Progress.State.FOLLOWING, opened.next(), progress.changes(), progress.stored());
            LOG.info("version={} following the journal", opened.next());
            for (Optional<ChangesBatch> batch = next(batches); batch.isPresent(); batch = next(batches)) {
                append(opened, batch.get());
            }
        } finally {
            queue = null;
            batches.cancel();
        }
    }

    /** The journal's beginning was deleted meanwhile: other places may have what comes before it. */
    private void closed(Archive opened, ChangesBatch batch, NotResumable gone) throws IOException {
        MetadataId id = opened.id().orElseThrow(() -> new IllegalStateException("changes without an image"));
        String sentence = new Gap(opened, elsewhere, settings).close(id, batch.firstVersion());
        if (opened.next() < batch.firstVersion()) {
            String message = gone.getMessage() + ". The journal does not have them any more. Others: " + sentence
                    + ". Move the directory away, a new one begins with the cluster's image";
            alarms.raise(Alarms.Kind.HOLE, message);
            throw new IOException(message, gone);
        }
        alarms.over(Alarms.Kind.HOLE);
        opened.append(batch.changes());
    }

    private static Optional<ChangesBatch> next(SinkQueueWithCancel<ChangesBatch> batches)
            throws IOException, InterruptedException {
        try {
            return batches.pull().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IOException("the journal's changes cannot be read any further: " + e.getMessage(), e);
        }
    }

    private void append(Archive opened, ChangesBatch batch) throws IOException {
        long before = opened.next();
        try {
            opened.append(batch.changes().stream()
                    .filter(change -> change.version() >= opened.comparableFrom())
                    .toList());
        } catch (NotResumable gone) {
            closed(opened, batch, gone);
        } catch (HistoryConflict conflict) {
            Path branch = opened.branchOff(conflict);
            alarms.raise(
                    Alarms.Kind.BRANCH,
                    conflict.getMessage()
                            + ". The journal's history is followed; what was stored of the other one is in " + branch);
            throw new IOException("another history was put aside", conflict);
        }
        long stored = opened.next() - before;
        progress = new Progress(
                Progress.State.FOLLOWING,
                opened.next(),
                progress.changes() + stored,
                stored > 0 ? clock.instant() : progress.stored());
        alarms.over(Alarms.Kind.NOT_FOLLOWING);
        alarms.over(Alarms.Kind.NOT_STORED);
        alarms.over(Alarms.Kind.FOREIGN);
    }

    /** Ends the thread. */
    public void stop() {
        stopped.countDown();
        SinkQueueWithCancel<ChangesBatch> batches = queue;
        if (batches != null) {
            batches.cancel();
        }
    }
}
