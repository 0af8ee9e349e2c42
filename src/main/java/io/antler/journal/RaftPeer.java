package io.antler.journal;

import akka.util.ByteString;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import io.antler.journal.transport.Network;
import io.antler.journal.transport.TcpNetwork;
import io.antler.journal.transport.Transport;
import io.antler.journal.transport.TransportOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JRaft node with its transport. Each method is one attempt; trying again is the business of {@link RaftGroup}. */
final class RaftPeer {
    /** What one log entry may have. JRaft sends one entry of any size, so this is the one place that keeps it bounded. */
    static final int ENTRY_LIMIT_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RaftPeer.class);
    private static final String GROUP = "antler";
    private static final Duration SHORTEST_PING = Duration.ofMillis(100);

    private final RaftSettings settings;
    private final Transport transport;
    private final Map<NodeId, PeerId> peers;
    private volatile @Nullable Node node;

    private RaftPeer(RaftSettings settings, Network network) {
        this.settings = settings;
        this.peers = settings.members().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, member -> peer(member.getValue())));
        this.transport = open(network);
    }

    private Transport open(Network network) {
        InetSocketAddress address = settings.address();
        try {
            return Transport.open(
                    new Transport.Settings(
                            address, ENTRY_LIMIT_BYTES + Transport.FRAME_OVERHEAD_BYTES, pingInterval(settings)),
                    network,
                    new Neighbours(settings),
                    (peer, sentence) -> LOG.warn("peer={} no connection: {}", Transport.endpoint(peer), sentence),
                    bytes -> lead(Call.decode(bytes)).thenApply(Reply::encoded));
        } catch (IOException e) {
            throw new JournalUnusable(
                    "The journal cannot listen on " + Transport.endpoint(address) + " (antler.ports.first): "
                            + e.getMessage()
                            + ". See which process has the port (ss -ltnp), and whether this machine has the"
                            + " address (ip address)",
                    e);
        }
    }

    /** A dead peer is noticed after three of them, well before an election would begin. */
    private static Duration pingInterval(RaftSettings settings) {
        Duration interval = settings.electionTimeout().multipliedBy(3).dividedBy(20);
        return interval.compareTo(SHORTEST_PING) < 0 ? SHORTEST_PING : interval;
    }

    static Network network(RaftSettings settings) {
        return TcpNetwork.open(settings.security(), pingInterval(settings).multipliedBy(3));
    }

    private static PeerId peer(InetSocketAddress address) {
        return new PeerId(Transport.endpoint(address), 0);
    }

    /** @throws JournalUnusable if the port or the Raft log cannot be used */
    static RaftPeer start(RaftSettings settings, Replica replica, Network network) {
        var peer = new RaftPeer(settings, network);
        try {
            NodeManager.getInstance().addAddress(peer.self().getEndpoint());
            peer.node = RaftServiceFactory.createAndInitRaftNode(GROUP, peer.self(), peer.options(replica));
            return peer;
        } catch (RuntimeException e) {
            NodeManager.getInstance().removeAddress(peer.self().getEndpoint());
            peer.transport.close();
            throw new JournalUnusable(
                    "The Raft log in " + settings.directory() + " cannot be opened (the lines before say why)."
                            + " If it is damaged: Only while every other node is up and none lags, move the directory aside as a"
                            + " whole and start again: this node then copies the journal from the others. Never while another"
                            + " node is down or damaged: what only the two of them confirmed would be lost.",
                    e);
        }
    }

    private NodeOptions options(Replica replica) {
        int electionTimeoutMs = (int) settings.electionTimeout().toMillis();
        var raft = new RaftOptions();
        raft.setSync(true);
        raft.setEnableLogEntryChecksum(true);
        raft.setMaxElectionDelayMs(Math.max(1, electionTimeoutMs / 2));
        raft.setOpenStatistics(false);
        raft.setElectionHeartbeatFactor(
                20); // when nothing follows, a follower learns of a commit by the next heartbeat
        var options = new TransportOptions(transport);
        options.setRaftOptions(raft);
        options.setElectionTimeoutMs(electionTimeoutMs);
        options.setRpcConnectTimeoutMs(Math.max(50, electionTimeoutMs / 4));
        options.setRpcDefaultTimeout(2 * electionTimeoutMs);
        options.setDisableCli(true);
        options.setFsm(replica);
        options.setInitialConf(new Configuration(peers.values()));
        Path directory = settings.directory().resolve("raft");
        options.setLogUri(directory.resolve("log").toString());
        options.setRaftMetaUri(directory.resolve("meta").toString());
        return options;
    }

    private PeerId self() {
        return peer(settings.address());
    }

    Optional<NodeId> leader() {
        Node current = node;
        PeerId leader = current == null ? null : current.getLeaderId();
        return peers.entrySet().stream()
                .filter(peer -> peer.getValue().equals(leader))
                .map(Map.Entry::getKey)
                .findAny();
    }

    /** One attempt at whoever leads now. Fails when the connection does. */
    CompletableFuture<Reply> attempt(Call call, Duration timeout) {
        Optional<NodeId> leader = leader();
        if (leader.isEmpty()) {
            return CompletableFuture.completedFuture(new Reply.TryAgain("no leader is known"));
        }
        if (leader.get().equals(settings.self())) {
            return lead(call);
        }
        return transport
                .call(settings.address(leader.get()), call.encoded(), timeout)
                .thenApply(Reply::decode);
    }

    /** What the leader does for a call; a peer that does not lead says so. */
    private CompletableFuture<Reply> lead(Call call) {
        Node current = node;
        if (current == null) {
            return CompletableFuture.completedFuture(new Reply.TryAgain(settings.self() + " is starting or stopping"));
        }
        return switch (call) {
            case Call.Propose propose
            when propose.entry().size() > ENTRY_LIMIT_BYTES ->
                CompletableFuture.completedFuture(new Reply.TryAgain("larger than " + ENTRY_LIMIT_BYTES + " bytes"));
            case Call.Propose propose -> {
                var proposal = new Proposal();
                current.apply(new Task(ByteBuffer.wrap(propose.entry().toArrayUnsafe()), proposal));
                yield proposal.reply();
            }
            case Call.Transfer transfer ->
                CompletableFuture.supplyAsync(
                        () -> reply(current.transferLeadershipTo(peer(settings.address(transfer.to())))),
                        Thread::startVirtualThread); // it takes the lock of the node
        };
    }

    private static Reply reply(Status status) {
        return status.isOk()
                ? new Reply.Done(ByteString.emptyByteString())
                : new Reply.TryAgain(String.valueOf(status.getErrorMsg()));
    }

    /** Done when a majority confirmed the leader and everything committed before the call is applied here. */
    CompletableFuture<Reply> readIndex(Duration timeout) {
        Node current = node;
        if (current == null) {
            return CompletableFuture.completedFuture(new Reply.TryAgain("the journal of this node is closed"));
        }
        var reply = new CompletableFuture<Reply>();
        current.readIndex(new byte[0], new ReadIndexClosure(timeout.toMillis()) {
            @Override
            public void run(Status status, long index, byte[] context) {
                reply.complete(reply(status));
            }
        });
        return reply;
    }

    /** Leaves the group and waits until nothing is applied any more. */
    void stop() throws InterruptedException {
        Node current = node;
        node = null;
        transport.close();
        if (current != null) {
            current.shutdown();
            current.join();
        }
        NodeManager.getInstance().removeAddress(self().getEndpoint());
    }
}
