package io.antler.metalogger;

import io.antler.moosefs.BadPacket;
import io.antler.moosefs.Change;
import io.antler.moosefs.MasterPacket;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.Packet;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a running master from one version on, without a hole, in batches. Whether it gives all of them shows at its
 * beginning: the answer to a version request that was sent behind the registration must not come before they have.
 *
 * <p>For one thread; only {@link #close} and {@link #send} are for any.
 */
public final class ChangeStream implements Closeable {
    /** A replay of so many changes or more may leave a connection behind the present, and then a barrier proves nothing. */
    static final int REPLAY_GROUP = 10_000;

    /** Message id of the version request that is the stream's own. */
    public static final int PROOF = 1;

    /** What is known of the stream. */
    public enum Proof {
        /** The request is not answered yet. */
        PENDING,
        /** Every change that was made before a request comes before its answer. */
        IN_SYNC,
        /** A long replay: nothing is missing so far, but a request may overtake changes. */
        LAGGING
    }

    /**
     * What was read at once.
     *
     * @param changes consecutive
     * @param answers message ids of the version requests that the master had answered before these changes ended
     * @param end why nothing can follow
     */
    public record Batch(
            List<Change> changes,
            List<Integer> answers,
            @Nullable IOException end) {
        public Batch {
            changes = List.copyOf(changes);
            answers = List.copyOf(answers);
        }
    }

    private final MasterConnection connection;
    private final MetaloggerSettings settings;
    private long next;
    private long present;
    private long replayed;
    private Proof proof = Proof.PENDING;

    private ChangeStream(MasterConnection connection, long from, MetaloggerSettings settings) {
        this.connection = connection;
        this.next = from;
        this.settings = settings;
    }

    /** Connects and asks for every change from that version on. {@link #prove} comes next. */
    public static ChangeStream open(Metalogger.Target target, long from, MetaloggerSettings settings)
            throws IOException {
        var connection = MasterConnection.open(target.changes(), settings.timeout());
        connection.send(Packet.register(from, (int) settings.timeout().toSeconds()));
        return new ChangeStream(connection, from, settings);
    }

    /**
     * Begins the proof: asks on the client port where the master is now, then sends the request.
     *
     * @throws NotResumable if the master is behind {@code from}
     */
    public void prove(Metalogger.Target target) throws IOException {
        present = probe(target);
        connection.send(Packet.getVersion(PROOF));
    }

    /** The master's version at some moment after we registered. */
    private long probe(Metalogger.Target target) throws IOException {
        MasterProbe.Answer answer = MasterProbe.ask(target.clients(), settings.timeout());
        if (!answer.id().equals(target.id())) {
            throw new IOException("the master serves metadata id " + answer.id() + ", ours is " + target.id()
                    + ": it is another file system");
        }
        if (answer.metadataVersion() < next) {
            throw new NotResumable("the master is at version " + answer.metadataVersion() + ", behind ours, " + next
                    + ": it was started from older metadata");
        }
        return answer.metadataVersion();
    }

    public void send(Packet packet) {
        connection.send(packet);
    }

    /** Version of the change that must come next. */
    public long next() {
        return next;
    }

    public Proof proof() {
        return proof;
    }

    /** Waits for one packet, then takes all that is there. An end does not lose what came before it. */
    public Batch collect() throws InterruptedException {
        List<Change> changes = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        @Nullable IOException end = null;
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
        } catch (IOException e) {
            end = e;
        }
        next += changes.size();
        return new Batch(changes, answers, end == null ? prove(changes.size(), answers) : end);
    }

    /** @return null, or why the stream is of no use */
    private @Nullable NotResumable prove(int count, List<Integer> answers) {
        if (proof != Proof.PENDING) {
            return null;
        }
        replayed += count;
        if (!answers.contains(PROOF)) {
            return null;
        }
        proof = replayed < REPLAY_GROUP ? Proof.IN_SYNC : Proof.LAGGING;
        if (proof == Proof.IN_SYNC && next < present) {
            return new NotResumable("the master was at version " + present + " but sent no changes from " + next
                    + " on: it does not have them any more; start again from a new image");
        }
        return null;
    }

    private static void checkVersion(long version, long expected) throws NotResumable {
        if (version > expected) {
            throw new NotResumable("the master sent change " + version + " after " + (expected - 1)
                    + ": it does not have those between any more; start again from a new image");
        }
        if (version < expected) {
            throw new NotResumable("the master sent change " + version + " where " + expected
                    + " is next: it went back to older metadata");
        }
    }

    private void check(MasterPacket.MasterAck ack) throws IOException {
        if (ack.kind() == MasterPacket.MasterAck.TOO_OLD) {
            throw new NotResumable(
                    "the master does not have the changes from " + next + " on any more; start again from a new image");
        }
        if (ack.kind() != MasterPacket.MasterAck.RESUMED) {
            throw new BadPacket("the master refused us, acknowledgement " + ack.kind());
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
