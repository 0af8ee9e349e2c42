package io.antler.bench.raw;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.entity.UserLog;
import com.alipay.sofa.jraft.error.LogIndexOutOfBoundsException;
import com.alipay.sofa.jraft.error.LogNotFoundException;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node of JRaft as it comes: its defaults (fsync is one), Bolt, and a state machine that does nothing. Arguments:
 * directory, number of this node from 0, election timeout in milliseconds, ports of all nodes on loopback.
 */
public final class RawNode {
    private static final double NANOS_OF_SECOND = 1e9;
    private static final int SMALL = 200;
    private static final String STATE = "state";
    private static final Duration RETRY = Duration.ofMillis(5);

    private final Node node;
    private final byte[] data = random(SMALL);

    private RawNode(Node node) {
        this.node = node;
    }

    private static byte[] random(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        List<PeerId> peers = Arrays.stream(arguments)
                .skip(3)
                .map(port -> new PeerId("127.0.0.1", Integer.parseInt(port)))
                .toList();
        var options = new NodeOptions();
        options.setFsm(new Ballast());
        options.setElectionTimeoutMs(Integer.parseInt(arguments[2]));
        options.setInitialConf(new Configuration(peers));
        options.setLogUri(directory.resolve("log").toString());
        options.setRaftMetaUri(directory.resolve("meta").toString());
        options.setSnapshotUri(directory.resolve("snapshot").toString());
        options.setSnapshotIntervalSecs(0); // only when told
        var service = new RaftGroupService("raw", peers.get(Integer.parseInt(arguments[1])), options);
        var raw = new RawNode(service.start());
        Console.serve(raw.commands());
        Runtime.getRuntime().halt(0); // nothing of it is read again
    }

    private Map<String, Console.Command> commands() {
        return Map.of(
                "leader",
                _ -> String.valueOf(node.isLeader()),
                "up-to-date",
                _ -> upToDate(),
                "alone",
                words -> Load.alone(lane(data), Duration.ofMillis(Long.parseLong(words[0]))),
                "together",
                words -> Load.together(lanes(words[0]), Duration.ofMillis(Long.parseLong(words[1]))),
                "append",
                words -> Load.together(lanes(words[0]), Long.parseLong(words[1])),
                "batches",
                words -> Load.alone(
                        lane(random(Integer.parseInt(words[0]))), Duration.ofMillis(Long.parseLong(words[1]))),
                "read",
                _ -> read(),
                "ballast",
                words -> Load.together(List.of(lane(Ballast.grow(Long.parseLong(words[0])))), 1),
                "snapshot",
                _ -> snapshot());
    }

    private Load.Lane lane(byte[] bytes) {
        return callback -> node.apply(new Task(ByteBuffer.wrap(bytes), new Append(callback)));
    }

    private List<Load.Lane> lanes(String count) {
        return Collections.nCopies(Integer.parseInt(count), lane(data));
    }

    /** Returns when this node has applied all that was committed when it was asked. */
    private String upToDate() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            var answer = new ArrayBlockingQueue<Status>(1);
            node.readIndex(new byte[0], new ReadIndexClosure() {
                @Override
                public void run(Status status, long index, byte[] context) {
                    answer.add(status);
                }
            });
            if (answer.take().isOk()) {
                return "seconds=%.3f".formatted((System.nanoTime() - start) / NANOS_OF_SECOND);
            }
            TimeUnit.MILLISECONDS.sleep(RETRY.toMillis()); // it has not found its leader yet
        }
    }

    /** Every entry of this node's log. */
    private String read() throws LogNotFoundException {
        long start = System.nanoTime();
        long entries = 0;
        try {
            for (long index = 1; ; entries++) {
                UserLog log = node.readCommittedUserLog(index);
                index = log.getIndex() + 1;
            }
        } catch (LogIndexOutOfBoundsException e) { // the way it says that this was the last one
            double seconds = (System.nanoTime() - start) / NANOS_OF_SECOND;
            return "entries=%d seconds=%.3f rate=%.0f".formatted(entries, seconds, entries / seconds);
        }
    }

    private String snapshot() throws InterruptedException {
        var answer = new ArrayBlockingQueue<Status>(1);
        node.snapshot(answer::add);
        Status status = answer.take();
        if (!status.isOk()) {
            throw new IllegalStateException(status.toString());
        }
        return "done=1";
    }

    private record Append(Load.Callback callback) implements Closure {
        @Override
        public void run(Status status) {
            callback.ended(status.isOk() ? null : failure(status));
        }

        private static @Nullable Throwable failure(Status status) {
            return status.getRaftError() == RaftError.EPERM || status.getRaftError() == RaftError.ENEWLEADER
                    ? new Console.NotLeader(String.valueOf(status.getErrorMsg()))
                    : new IllegalStateException(status.toString());
        }
    }

    /** Its snapshots are a file of random bytes, as long as an entry told it. */
    private static final class Ballast extends StateMachineAdapter {
        private static final int PIECE = 1 << 20;

        private long lengthBytes; // of the applying thread, as snapshots are

        static byte[] grow(long bytes) {
            return ByteBuffer.allocate(Long.BYTES).putLong(bytes).array();
        }

        @Override
        public void onSnapshotSave(SnapshotWriter writer, Closure done) {
            var random = new Random(1);
            byte[] piece = new byte[PIECE];
            try (OutputStream out = Files.newOutputStream(Path.of(writer.getPath(), STATE))) {
                for (long left = lengthBytes; left > 0; left -= PIECE) {
                    random.nextBytes(piece);
                    out.write(piece, 0, (int) Math.min(PIECE, left));
                }
            } catch (IOException e) {
                done.run(new Status(RaftError.EIO, "%s", e));
                return;
            }
            done.run(writer.addFile(STATE) ? Status.OK() : new Status(RaftError.EIO, "file not added"));
        }

        @Override
        public boolean onSnapshotLoad(SnapshotReader reader) {
            return true;
        }

        @Override
        public void onApply(Iterator entries) {
            for (; entries.hasNext(); entries.next()) {
                if (entries.getData().remaining() == Long.BYTES) {
                    lengthBytes = entries.getData().getLong(entries.getData().position());
                }
                if (entries.done() != null) {
                    entries.done().run(Status.OK());
                }
            }
        }
    }
}
