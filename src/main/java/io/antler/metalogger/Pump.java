package io.antler.metalogger;

import io.antler.invariant.Invariant;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries changes from the master to the writer, on a thread of its own. One append is under way at a time; what arrives
 * meanwhile waits in the connection and is the next batch. A slow journal slows the reading, and nothing is ever dropped.
 */
final class Pump implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final int MOST_ATTEMPTS = 20;

    /** Called on the pump's thread. */
    interface Listener {
        /** @param answers message ids of the version requests that the master had answered before these changes ended */
        void committed(long nextVersion, List<Integer> answers);

        void inSync(ChangeStream stream, long nextVersion);

        /** The last call. */
        void ended(String reason);

        /** The last call. */
        void broken(Throwable defect);
    }

    private final Metalogger.Target target;
    private final MetaloggerSettings settings;
    private final ChangesSink sink;
    private final Listener listener;
    private final Thread thread;
    private final Object lock = new Object();
    private @Nullable ChangeStream current; // guarded by lock
    private boolean stopped; // guarded by lock
    private long next; // of this thread

    Pump(Metalogger.Target target, long nextVersion, MetaloggerSettings settings, ChangesSink sink, Listener listener) {
        this.target = target;
        this.next = nextVersion;
        this.settings = settings;
        this.sink = sink;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("antler-metalogger").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** From any thread; returns at once. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            if (current != null) {
                close(current);
            }
        }
        thread.interrupt();
    }

    private static void close(ChangeStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket could not be closed", e);
        }
    }

    @Override
    public void run() {
        try {
            for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
                follow();
            }
            listener.ended("not in sync after " + MOST_ATTEMPTS
                    + " attempts: the master makes changes faster than they can" + " be journaled");
        } catch (IOException e) {
            if (!isStopped()) {
                listener.ended(String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped by its owner", e);
        } catch (RuntimeException | Error e) {
            listener.broken(e); // else this thread would end unnoticed
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    /** Returns only if it must be tried again from the version that is next now. */
    private void follow() throws IOException, InterruptedException {
        try (ChangeStream stream = open()) {
            stream.prove(target);
            boolean proved = false;
            while (true) {
                ChangeStream.Batch batch = stream.collect();
                commit(batch);
                if (batch.end() != null) {
                    throw batch.end();
                }
                if (stream.proof() == ChangeStream.Proof.LAGGING) {
                    return;
                }
                if (!proved && stream.proof() == ChangeStream.Proof.IN_SYNC) {
                    proved = true;
                    listener.inSync(stream, next);
                }
            }
        }
    }

    private ChangeStream open() throws IOException {
        var stream = ChangeStream.open(target, next, settings);
        synchronized (lock) {
            current = stream;
            if (stopped) {
                stream.close();
                throw new IOException("stopped");
            }
        }
        return stream;
    }

    private void commit(ChangeStream.Batch batch) throws IOException, InterruptedException {
        if (!batch.changes().isEmpty()) {
            long stored = sink.append(batch.changes());
            long expected = next + batch.changes().size();
            Invariant.NO_MISSING_CHANGE.check(stored == expected, "writer is at %d, we are at %d", stored, expected);
            next = stored;
        }
        if (!batch.changes().isEmpty() || !batch.answers().isEmpty()) {
            listener.committed(next, batch.answers());
        }
    }
}
