package io.antler.restore;

import io.antler.kernel.Fanotify;
import io.antler.moosefs.Change;
import io.antler.moosefs.StockProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stock {@code mfsmaster -a} that has loaded an image and replays changes as they come, but never reaches the end of its
 * changelog file: the kernel asks before each of its reads, and at the end of the file the answer waits.
 *
 * <pre>
 * LOADING ──(first read of the replay)──► FOLLOWING ──promote──► PROMOTED
 *    └──────────────────┴───(program ends, a failure, close)───► ENDED
 * </pre>
 *
 * <p>Needs root. Whatever goes wrong while it follows ends the program: it never opens its ports without {@link #promote}.
 * Any thread; one thread of its own answers the kernel. See {@link Pass} for what the program reads.
 */
public final class HotStandby implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HotStandby.class);
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final String SERVES = "daemon initialized properly";

    private enum State {
        LOADING,
        FOLLOWING,
        PROMOTED,
        ENDED
    }

    /** Called on threads of the standby, which must not be held up; not called by {@link #close} nor after promotion. */
    public interface Listener {
        /** The image is in memory; from now on {@link #replayed} grows and {@link #promote} is possible. */
        void loaded();

        /**
         * It is no standby any more: build another one. Its directory stays as it is, for inspection.
         *
         * @param exit its exit status; 1 when an operation did not give the expected result, 137 when killed
         * @param lastLines what it printed last, and why it was killed
         */
        void ended(int exit, List<String> lastLines);
    }

    private final Listener listener;
    private final StockProcess process;
    private final Fanotify fanotify;
    private final FedFile fed;
    private final Path fedPath;
    private final Reader reader;
    private final Thread thread;

    // guarded by this
    private State state = State.LOADING;
    private Pass pass = Pass.FIRST_LINE;
    private Fanotify.@Nullable Access held;
    private long replayed;
    private boolean stopping;
    private @Nullable String failure;

    private HotStandby(
            StandbySettings settings, Fanotify fanotify, FedFile fed, StockProcess process, Listener listener)
            throws IOException {
        this.listener = listener;
        this.process = process;
        this.fanotify = fanotify;
        this.fed = fed;
        this.fedPath = StandbyDirectory.fed(settings.dataPath());
        this.replayed = fed.next();
        this.reader = new Reader(process.pid(), fedPath);
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("standby-" + settings.dataPath().getFileName())
                .unstarted(this::answerReads);
    }

    /**
     * Returns when the program has been started; {@link Listener#loaded} follows.
     *
     * @param image is copied
     * @param imageVersion its metadata version, the number of the first change that is to be appended
     * @throws IOException if it cannot be started; the message says why
     */
    public static HotStandby start(StandbySettings settings, Path image, long imageVersion, Listener listener)
            throws IOException {
        Fanotify fanotify = open();
        @Nullable FedFile fed = null;
        @Nullable StockProcess process = null;
        try {
            fed = StandbyDirectory.create(settings, image, imageVersion);
            fanotify.watch(StandbyDirectory.fed(settings.dataPath()));
            var started = new CompletableFuture<HotStandby>();
            process = StockProcess.start(settings.dataPath(), command(settings), line -> {
                var _ = started.thenAccept(standby -> standby.onLine(line));
            });
            var standby = new HotStandby(settings, fanotify, fed, process, listener);
            standby.thread.start();
            started.complete(standby);
            var _ = process.onExit().thenAccept(standby::ended);
            return standby;
        } catch (IOException | RuntimeException failure) {
            close(failure, process);
            close(failure, fed);
            close(failure, fanotify);
            throw failure;
        }
    }

    private static List<String> command(StandbySettings settings) {
        return List.of(
                settings.program().toString(),
                "-a",
                "-f",
                "-c",
                settings.config().toString(),
                "start");
    }

    private static Fanotify open() throws IOException {
        try {
            return Fanotify.open();
        } catch (IOException refused) {
            throw new IOException("No hot standby on this machine: " + refused.getMessage(), refused);
        }
    }

    private static void close(Throwable failure, @Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception second) {
            failure.addSuppressed(second);
        }
    }

    /**
     * Whole batches, in order, without a hole; taken in every state before promotion. They are on disk but not forced: a
     * standby that loses them is built anew.
     *
     * @throws io.antler.invariant.InvariantBroken if a change is missing between these and the last ones
     * @throws IllegalStateException after promotion or its end
     */
    public synchronized void append(List<Change> changes) throws IOException {
        require(isStandby(), "not appending to a standby that is %s");
        if (changes.isEmpty()) {
            return;
        }
        try {
            fed.append(changes);
            letGo();
        } catch (IOException failure) {
            fail("changes from %d on could not be appended: %s"
                    .formatted(changes.getFirst().version(), failure));
            throw failure;
        }
    }

    /** Metadata version it has reached, proven by a read at the end of all that was appended: the next change's number. */
    public synchronized long replayed() {
        return replayed;
    }

    /** Whether its read is held at the end of all that was appended. */
    public synchronized boolean caughtUp() {
        return isStandby() && held != null && replayed == fed.next();
    }

    /** Metadata version it will reach with what was appended. */
    public synchronized long appended() {
        return fed.next();
    }

    /** The process, for the time after promotion; until then this object kills it when something goes wrong. */
    public StockProcess process() {
        return process;
    }

    /** What it printed last. */
    public List<String> lastLines() {
        return process.lastLines();
    }

    /**
     * Lets it reach the end of its file. Returns at once; it then applies what may be left, opens its ports, and belongs to
     * the caller, who must ask it for its version. A time granted to {@link #process} before this bounds it from the start.
     *
     * @throws IllegalStateException if it has not loaded yet, is promoted, or has ended
     */
    public synchronized void promote() throws IOException {
        require(isStandby() && state == State.FOLLOWING, "not promoting a standby that is %s");
        try {
            fed.removeGuard();
            fanotify.unwatch(fedPath);
            letGo();
            state = State.PROMOTED;
            stopping = true;
            fanotify.wake();
        } catch (IOException failure) {
            fail("could not be promoted: " + failure);
            throw failure;
        }
    }

    /** Kills it unless it was promoted. Returns when no process of it is left. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (state == State.PROMOTED) {
                return;
            }
            state = State.ENDED;
        }
        process.kill();
        stopAnswering();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message.formatted(failure == null ? state : failure));
        }
    }

    /** The thread of the standby. When it ends, all reads are let go: only a promoted or a dead program may be there then. */
    private void answerReads() {
        try (fanotify;
                fed) {
            try {
                while (!isStopping()) {
                    for (Fanotify.Access access : fanotify.await(FOR_EVER)) {
                        onRead(access);
                    }
                }
            } catch (IOException | RuntimeException failure) {
                LOG.warn("standby of {} fails", fedPath, failure);
                fail("its reads could not be answered: " + failure);
                process.onExit().toCompletableFuture().join();
            }
        } catch (IOException failure) {
            LOG.warn("standby of {} could not be closed: {}", fedPath, failure.toString());
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized boolean isStandby() {
        return failure == null && (state == State.LOADING || state == State.FOLLOWING);
    }

    private void onRead(Fanotify.Access access) throws IOException {
        boolean loaded;
        synchronized (this) {
            loaded = onReadLocked(access);
        }
        if (loaded) {
            listener.loaded();
        }
    }

    /** @return whether this is the first read of the replay */
    private boolean onReadLocked(Fanotify.Access access) throws IOException {
        if (access.pid() != process.pid() || state == State.PROMOTED) {
            fanotify.letGo(access); // a backup program, say
            return false;
        }
        held = access;
        OptionalLong position = reader.position();
        if (!isStandby() || position.isEmpty()) {
            fail("it reads its changelog file, but /proc does not say where");
            return false; // it stays held until it is dead
        }
        pass = pass.at(position.getAsLong());
        boolean first = pass == Pass.REPLAY && state == State.LOADING;
        if (first) {
            fed.beginReplay();
            state = State.FOLLOWING;
        }
        if (pass == Pass.REPLAY && position.getAsLong() >= fed.end()) {
            replayed = fed.next();
            fed.addGuard();
        } else {
            letGo();
        }
        if (pass == Pass.REPLAY) {
            fed.consumed(position.getAsLong());
        }
        return first;
    }

    private void letGo() throws IOException {
        Fanotify.Access access = held;
        held = null;
        if (access != null) {
            fanotify.letGo(access);
        }
    }

    private void onLine(String line) {
        LOG.debug("mfsmaster {}: {}", process.pid(), line);
        if (line.contains(SERVES) && isStandby()) {
            fail("it opened its ports without being promoted: it did not use its changelog file");
        }
    }

    /** Fails shut: its reads stay held until it is dead. Its exit follows and tells the listener. */
    private synchronized void fail(String why) {
        if (!isStandby()) {
            return;
        }
        failure = "killed by Antler: " + why;
        Thread.ofPlatform().name("standby-kill").start(() -> {
            try {
                process.kill();
            } catch (IOException stuck) {
                LOG.error("standby of {} could not be killed: {}", fedPath, stuck.toString());
            }
        });
    }

    private void ended(int exit) {
        List<String> lines = new ArrayList<>(process.lastLines());
        synchronized (this) {
            if (state == State.PROMOTED || state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            if (failure != null) {
                lines.add(failure);
            }
        }
        try {
            stopAnswering();
        } catch (IOException problem) {
            lines.add("closing: " + problem);
        }
        listener.ended(exit, lines);
    }

    /** Only when the program is dead. */
    private synchronized void stopAnswering() throws IOException {
        stopping = true;
        letGo();
        fanotify.wake();
    }
}
