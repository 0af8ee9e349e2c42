package io.antler.metalogger;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.StatusReply;
import io.antler.invariant.Invariant;
import io.antler.moosefs.BadPacket;
import io.antler.moosefs.Change;
import io.antler.moosefs.MasterPacket;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.Packet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries changes from the master to the writer, on a thread of its own. One append is under way at a time; what arrives
 * meanwhile waits in the connection and is the next batch. A slow journal slows the reading, and nothing is ever dropped.
 */
final class Pump implements Runnable {
    /** A replay of so many changes or more may leave a connection behind the present, and then a barrier proves nothing. */
    static final int REPLAY_GROUP = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final int MOST_ATTEMPTS = 20;
    private static final int PROOF = 1;

    /** Called on the pump's thread. */
    interface Listener {
        /** @param answers message ids of the version requests that the master had answered before these changes ended */
        void committed(long nextVersion, List<Integer> answers);

        void inSync(MasterConnection connection, long nextVersion);

        /** The last call. */
        void ended(String reason);

        /** The last call. */
        void broken(Throwable defect);
    }

    /** What was read at once. {@code end}: why nothing can follow. */
    private record Batch(
            List<Change> changes,
            List<Integer> answers,
            @Nullable IOException end) {}

    private final Metalogger.Target target;
    private final MetaloggerSettings settings;
    private final ActorRef<ChangesWriter.Command> writer;
    private final ActorSystem<?> system;
    private final Listener listener;
    private final Thread thread;
    private final Object lock = new Object();
    private @Nullable MasterConnection current; // guarded by lock
    private boolean stopped; // guarded by lock
    private long next; // of this thread

    Pump(
            Metalogger.Target target,
            long nextVersion,
            MetaloggerSettings settings,
            ActorRef<ChangesWriter.Command> writer,
            ActorSystem<?> system,
            Listener listener) {
        this.target = target;
        this.next = nextVersion;
        this.settings = settings;
        this.writer = writer;
        this.system = system;
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

    private static void close(MasterConnection connection) {
        try {
            connection.close();
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
        try (MasterConnection connection = open()) {
            long present = probe();
            connection.send(Packet.getVersion(PROOF));
            boolean proved = false;
            long replayed = 0;
            while (true) {
                Batch batch = collect(connection);
                commit(batch);
                if (!proved && batch.end() == null) {
                    replayed += batch.changes().size();
                    if (batch.answers().contains(PROOF)) {
                        if (!proves(present, replayed)) {
                            return;
                        }
                        proved = true;
                        listener.inSync(connection, next);
                    }
                }
                if (batch.end() != null) {
                    throw batch.end();
                }
            }
        }
    }

    private MasterConnection open() throws IOException {
        var connection = MasterConnection.open(target.changes(), settings.timeout());
        connection.send(Packet.register(next, (int) settings.timeout().toSeconds()));
        synchronized (lock) {
            current = connection;
            if (stopped) {
                connection.close();
                throw new IOException("stopped");
            }
        }
        return connection;
    }

    /** The master's version at some moment after we registered. */
    private long probe() throws IOException {
        MasterProbe.Answer answer = MasterProbe.ask(target.clients(), settings.timeout());
        if (!answer.id().equals(target.id())) {
            throw new IOException("the master serves metadata id " + answer.id() + ", ours is " + target.id()
                    + ": it is another file system");
        }
        if (answer.metadataVersion() < next) {
            throw new IOException("the master is at version " + answer.metadataVersion() + ", behind the journal's "
                    + next + ": it was started from older metadata");
        }
        return answer.metadataVersion();
    }

    /** @return false if the connection may still lag */
    private boolean proves(long present, long replayed) throws IOException {
        if (replayed >= REPLAY_GROUP) {
            return false;
        }
        if (next < present) {
            throw new IOException("the master was at version " + present + " but sent no changes from " + next
                    + " on: it does not have them any more; start again from a new image");
        }
        return true;
    }

    /** Waits for one packet, then takes all that is there. An end does not lose what came before it. */
    private Batch collect(MasterConnection connection) throws InterruptedException {
        List<Change> changes = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        int bytes = 0;
        try {
            MasterPacket packet = connection.read();
            while (packet != null) {
                switch (packet) {
                    case MasterPacket.LogData(Change change) -> {
                        checkVersion(change.version(), next + changes.size());
                        changes.add(change);
                        bytes += change.text().length();
                    }
                    case MasterPacket.Version version -> answers.add(version.msgId());
                    case MasterPacket.MasterAck ack -> check(ack);
                    case MasterPacket.ForceTimeout _,
                            MasterPacket.Nop _,
                            MasterPacket.LogRotate _,
                            MasterPacket.Other _ -> {}
                }
                boolean full = changes.size() >= settings.batchChanges() || bytes >= settings.batchBytes();
                packet = full ? null : connection.poll();
            }
            return new Batch(changes, answers, null);
        } catch (IOException end) {
            return new Batch(changes, answers, end);
        }
    }

    private static void checkVersion(long version, long expected) throws BadPacket {
        if (version > expected) {
            throw new BadPacket("the master sent change " + version + " after " + (expected - 1)
                    + ": it does not have those" + " between any more; start again from a new image");
        }
        if (version < expected) {
            throw new BadPacket("the master sent change " + version + " where " + expected
                    + " is next: it went back to older metadata");
        }
    }

    private void check(MasterPacket.MasterAck ack) throws BadPacket {
        if (ack.kind() == MasterPacket.MasterAck.TOO_OLD) {
            throw new BadPacket("the master does not have the changes from " + next
                    + " on any more; start again from a new" + " image");
        }
        if (ack.kind() != MasterPacket.MasterAck.RESUMED) {
            throw new BadPacket("the master refused us, acknowledgement " + ack.kind());
        }
    }

    private void commit(Batch batch) throws IOException, InterruptedException {
        if (!batch.changes().isEmpty()) {
            long stored = append(batch.changes());
            long expected = next + batch.changes().size();
            Invariant.NO_MISSING_CHANGE.check(stored == expected, "writer is at %d, we are at %d", stored, expected);
            next = stored;
        }
        if (!batch.changes().isEmpty() || !batch.answers().isEmpty()) {
            listener.committed(next, batch.answers());
        }
    }

    private long append(List<Change> changes) throws IOException, InterruptedException {
        try {
            return AskPattern.<ChangesWriter.Command, Long>askWithStatus(
                            writer,
                            replyTo -> new ChangesWriter.Append(changes, replyTo),
                            settings.appendTimeout(),
                            system.scheduler())
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause instanceof StatusReply.ErrorMessage
                    ? "were refused: " + cause.getMessage()
                    : "are not known to be stored: " + cause.getMessage();
            throw new IOException("changes " + next + " to " + (next + changes.size() - 1) + " " + why, cause);
        }
    }
}
