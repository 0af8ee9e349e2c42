package io.antler.node;

import akka.actor.CoordinatedShutdown;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the node when its JVM is told to end (SIGTERM, SIGINT), at whatever moment of its life, and with exit code 0. */
final class Stopping {
    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
    private static final long LIMIT_SECONDS = 90; // the phases of the shutdown have limits of their own

    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable CoordinatedShutdown shutdown;
    private boolean wanted;

    /** The node is up so far that it can be stopped in order; at once if that was wanted before. */
    synchronized void with(CoordinatedShutdown started) {
        shutdown = started;
        if (wanted) {
            started.runAll(Node.Reason.STOPPED_BY_OPERATOR);
        }
    }

    /** Nothing of the node is left but the JVM. */
    void closed() {
        closed.countDown();
    }

    /** Runs as a shutdown hook, so also when the node has ended by itself: then there is nothing to do. */
    void onSignal() {
        if (closed.getCount() == 0) {
            return;
        }
        LOG.info("stopping");
        want();
        try {
            if (!closed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("not stopped within {} s; the next start cleans up what is left", LIMIT_SECONDS);
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        LOG.info("stopped");
        Runtime.getRuntime().halt(0); // instead of 143
    }

    private synchronized void want() {
        wanted = true;
        if (shutdown != null) {
            shutdown.runAll(Node.Reason.STOPPED_BY_OPERATOR); // once: a shutdown under way goes on
        }
    }
}
