package io.antler.bench.raw;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.NodeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One node of JRaft as it comes: its defaults (fsync is one), Bolt, and a state machine that does nothing. Arguments:
 * directory, number of this node from 0, election timeout in milliseconds, ports of all nodes on loopback.
 */
public final class RawNode {
    private final Node node;
    private final byte[] data;

    private RawNode(Node node, int lengthBytes) {
        this.node = node;
        this.data = new byte[lengthBytes];
        new Random(1).nextBytes(data);
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        List<PeerId> peers = Arrays.stream(arguments)
                .skip(3)
                .map(port -> new PeerId("127.0.0.1", Integer.parseInt(port)))
                .toList();
        var options = new NodeOptions();
        options.setFsm(new Nothing());
        options.setElectionTimeoutMs(Integer.parseInt(arguments[2]));
        options.setInitialConf(new Configuration(peers));
        options.setLogUri(directory.resolve("log").toString());
        options.setRaftMetaUri(directory.resolve("meta").toString());
        var service = new RaftGroupService("raw", peers.get(Integer.parseInt(arguments[1])), options);
        var raw = new RawNode(service.start(), 200);
        Console.serve(Map.of(
                "leader",
                _ -> String.valueOf(raw.node.isLeader()),
                "alone",
                words -> Load.alone(raw::append, Duration.ofMillis(Long.parseLong(words[0]))),
                "together",
                words -> Load.together(
                        Collections.<Load.Lane>nCopies(Integer.parseInt(words[0]), raw::append),
                        Duration.ofMillis(Long.parseLong(words[1])))));
        Runtime.getRuntime().halt(0); // nothing of it is read again
    }

    private void append(Load.Callback callback) {
        node.apply(new Task(ByteBuffer.wrap(data), new Append(callback)));
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

    private static final class Nothing extends StateMachineAdapter {
        @Override
        public void onApply(Iterator entries) {
            for (; entries.hasNext(); entries.next()) {
                if (entries.done() != null) {
                    entries.done().run(Status.OK());
                }
            }
        }
    }
}
