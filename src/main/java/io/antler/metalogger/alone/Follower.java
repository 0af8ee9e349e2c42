package io.antler.metalogger.alone;

import io.antler.metalogger.ChangeStream;
import io.antler.metalogger.Metalogger;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.NotResumable;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.archive.ArchiveUnusable;
import io.antler.metalogger.archive.HistoryConflict;
import io.antler.metalogger.archive.NotStored;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.Elsewhere;
import io.antler.metalogger.keeping.ImageFeed;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.keeping.Progress;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.Packet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a master into an archive, for ever, on a thread of its own. Whenever the connection is lost it resumes by version,
 * and compares what both have; whatever fails is tried again.
 *
 * <pre>
 * connect ── changes from where they can be compared ──────────────────────────────► follow
 *    │ no image yet, or the master has not got them in memory any more                  ▲
 *    ├── its changelog files, compared with what is here ───────────────────────────────┤
 *    │ they do not reach back                                                           │
 *    ├── what other places have, then its changelog files ──────────────────────────────┤
 *    │ they still do not                                                                │
 *    ├── its image and its changelog files ─────────────────────────────────────────────┘
 *    │ another text for a version, or it ends before what is here
 *    └── that branch is put aside, connect
 * </pre>
 */
public final class Follower implements ImageFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Master master;
    private final MetaloggerSettings settings;
    private final Duration patience;
    private final Archive.Opening opening;
    private final Elsewhere elsewhere;
    private final Alarms alarms;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger(ChangeStream.PROOF);
    private final Map<Integer, CompletableFuture<Stored>> waiting = new ConcurrentHashMap<>();
    private volatile Progress progress = Progress.NONE;
    private volatile @Nullable ChangeStream open;
    private volatile @Nullable ChangeStream stream; // the same, while following
    private volatile @Nullable Archive archive;
    private long connections; // of the thread, like the next two
    private Instant followed;
    private Duration pause = SHORTEST_PAUSE;

    /**
     * @param patience there is an alarm only when the master was not followed for so long
     * @param elsewhere where to look for what the master does not have any more
     */
    public Follower(
            Master master,
            MetaloggerSettings settings,
            Duration patience,
            Archive.Opening opening,
            Elsewhere elsewhere,
            Alarms alarms,
            InstantSource clock) {
        this.master = master;
        this.settings = settings;
        this.patience = patience;
        this.opening = opening;
        this.elsewhere = elsewhere;
        this.alarms = alarms;
        this.clock = clock;
        this.followed = clock.instant();
        this.thread = Thread.ofPlatform().name("antler-follower").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public @Nullable Archive archive() {
        return archive;
    }

    @Override
    public CompletableFuture<Stored> barrier() {
        ChangeStream following = stream;
        if (following == null) {
            return CompletableFuture.failedFuture(new IOException("the master is not followed at the moment"));
        }
        int id = requests.incrementAndGet();
        var answer = new CompletableFuture<Stored>();
        waiting.put(id, answer);
        following.send(Packet.getVersion(id));
        if (stream != following) {
            failWaiting();
        }
        return answer;
    }

    private void run() {
        try {
            while (!isStopped()) {
                try (Archive opened = opening.open()) {
                    archive = opened;
                    progress = new Progress(Progress.State.CONNECTING, opened.next(), progress.changes(), null);
                    followInto(opened);
                } catch (ArchiveUnusable e) {
                    alarms.raise(Alarms.Kind.FOREIGN, String.valueOf(e.getMessage()));
                } catch (IOException e) {
                    alarms.raise(
                            Alarms.Kind.NOT_STORED,
                            "nothing can be stored, it is tried again all the time: " + e.getMessage());
                } finally {
                    archive = null;
                }
                rest();
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped by its owner", e);
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Returns, or throws, only when the archive is to be opened again. */
    private void followInto(Archive archive) throws IOException, InterruptedException {
        while (!isStopped()) {
            try {
                connect(archive);
            } catch (NotStored | ArchiveUnusable e) {
                unfollowed();
                throw e;
            } catch (HistoryConflict conflict) {
                unfollowed();
                branchOff(archive, conflict);
            } catch (IOException e) {
                unfollowed();
                notFollowed(e);
            }
            rest();
        }
    }

    private void notFollowed(IOException reason) {
        String message = "master " + master + " is not followed: " + reason.getMessage();
        if (isStopped()) {
            return;
        }
        if (Duration.between(followed, clock.instant()).compareTo(patience) >= 0) {
            alarms.raise(Alarms.Kind.NOT_FOLLOWING, message);
        } else {
            LOG.warn("version={} {}", progress.next(), message);
        }
    }

    private void unfollowed() {
        if (stream != null) {
            followed = clock.instant();
        }
        open = null;
        stream = null;
        failWaiting();
        progress = progress.in(Progress.State.CONNECTING);
    }

    private void rest() throws InterruptedException {
        if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("stopped");
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private void connect(Archive archive) throws IOException, InterruptedException {
        MetadataId id = MasterProbe.ask(master.clients(), settings.timeout()).id();
        archive.check(id);
        alarms.over(Alarms.Kind.FOREIGN);
        Metalogger.Target target = master.target(id);
        if (archive.next() < 0) {
            follow(archive, new Refill(target, settings, archive, elsewhere, alarms).withImage(), target);
            return;
        }
        try {
            follow(archive, ChangeStream.open(target, archive.comparableFrom(), settings), target);
        } catch (NotResumable gone) {
            LOG.info("version={} not resumed from the master's memory: {}", archive.next(), gone.getMessage());
            refill(archive, target);
        }
    }

    private void refill(Archive archive, Metalogger.Target target) throws IOException, InterruptedException {
        progress = progress.in(Progress.State.CATCHING_UP);
        var refill = new Refill(target, settings, archive, elsewhere, alarms);
        @Nullable ChangeStream rest;
        try {
            rest = refill.withoutImage();
        } catch (NotResumable gone) {
            LOG.info("version={} not resumed from the master's files: {}", archive.next(), gone.getMessage());
            rest = refill.withWhatOthersHave();
        }
        follow(archive, rest, target);
    }

    /** Until the connection ends. Closes the stream. */
    private void follow(Archive archive, ChangeStream opened, Metalogger.Target target)
            throws IOException, InterruptedException {
        open = opened;
        connections++;
        try (opened) {
            if (isStopped()) {
                return;
            }
            opened.prove(target);
            while (true) {
                ChangeStream.Batch batch = opened.collect();
                if (!batch.changes().isEmpty()) {
                    archive.append(batch.changes());
                    report(archive);
                }
                batch.answers().forEach(id -> answered(id, archive));
                if (batch.end() != null) {
                    throw batch.end();
                }
                if (stream == null && opened.proof() != ChangeStream.Proof.PENDING) {
                    following(archive, opened);
                }
            }
        }
    }

    /** @throws HistoryConflict if the master has fewer changes than are here */
    private void following(Archive archive, ChangeStream opened) throws HistoryConflict {
        if (opened.proof() == ChangeStream.Proof.IN_SYNC && opened.next() < archive.next()) {
            throw new HistoryConflict(
                    opened.next(),
                    "version=" + opened.next() + " the master has no more changes than this, stored are those up to "
                            + (archive.next() - 1));
        }
        stream = opened;
        pause = SHORTEST_PAUSE;
        report(archive);
        progress = progress.in(Progress.State.FOLLOWING);
        alarms.over(Alarms.Kind.NOT_FOLLOWING);
        alarms.over(Alarms.Kind.NOT_STORED); // what could not be written has been by now
        LOG.info("version={} following master {}", archive.next(), master);
    }

    private void report(Archive archive) {
        Progress known = progress;
        long next = archive.next();
        long count = known.next() < 0 ? 0 : Math.max(0, next - known.next());
        progress = new Progress(
                known.state(), next, known.changes() + count, count == 0 ? known.stored() : clock.instant());
    }

    private void answered(int id, Archive archive) {
        CompletableFuture<Stored> answer = waiting.remove(id);
        if (answer != null) {
            answer.complete(new Stored(archive, connections));
        }
    }

    private void failWaiting() {
        var ended = new IOException("the connection to the master has ended");
        List.copyOf(waiting.keySet()).forEach(id -> {
            CompletableFuture<Stored> answer = waiting.remove(id);
            if (answer != null) {
                answer.completeExceptionally(ended);
            }
        });
    }

    private void branchOff(Archive archive, HistoryConflict conflict) throws IOException {
        Path branch;
        if (archive.hasImageBefore(conflict)) {
            branch = archive.branchOff(conflict);
        } else {
            MetadataId id =
                    MasterProbe.ask(master.clients(), settings.timeout()).id();
            archive.check(id);
            branch = new Refill(master.target(id), settings, archive, elsewhere, alarms).startOver();
        }
        alarms.raise(
                Alarms.Kind.BRANCH,
                conflict.getMessage() + ". The master was restarted without changes that it had told, or from older"
                        + " metadata. Its history of now is followed; what was stored of the other one is in " + branch
                        + ": find out whether it is needed, then move it away");
    }

    /** Ends the thread; what was received is stored before. */
    public void stop() throws InterruptedException {
        stopped.countDown();
        ChangeStream connected = open;
        if (connected != null) {
            try {
                connected.close();
            } catch (IOException e) {
                LOG.debug("connection not closed", e);
            }
        }
        thread.join(LONGEST_PAUSE);
    }
}
