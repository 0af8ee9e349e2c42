package io.antler.journal;

import akka.util.ByteString;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import io.antler.journal.disk.RaftStorage;
import io.antler.journal.disk.Space.Level;
import io.antler.journal.transport.CertificateUnusable;
import io.antler.journal.transport.Network;
import io.antler.journal.transport.Security.MutualTls;
import io.antler.journal.transport.TcpNetwork;
import io.antler.journal.transport.Transport;
import io.antler.journal.transport.TransportOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
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

    /**
     * Of a snapshot that is copied, asked for one after the other. JRaft reads a piece in steps of 1 KiB and copies, with each,
     * all it has read: its default of 128 KiB costs the leader a processor for the time of the copy.
     */
    private static final int SNAPSHOT_PIECE_BYTES = 32 << 10;

    private final RaftSettings settings;
    private final Replica replica;
    private final AddressBook book;
    private final Transport transport;
    private final Reconfiguration reconfiguration;
    private final AtomicBoolean changing = new AtomicBoolean();
    private volatile BiConsumer<InetSocketAddress, String> refusals =
            (peer, sentence) -> LOG.warn("peer={} no connection: {}", Transport.endpoint(peer), sentence);
    private final DiskWatch disk;
    private final LogReach reach;
    private volatile @Nullable Node node;
    private boolean stopped;

    private RaftPeer(
            RaftSettings settings,
            Identity identity,
            Replica replica,
            Network network,
            DiskWatch disk,
            LogReach reach) {
        this.settings = settings;
        this.disk = disk;
        this.reach = reach;
        this.replica = replica;
        this.book = new AddressBook(settings, replica.members());
        this.reconfiguration = new Reconfiguration(this, replica.members(), settings);
        this.transport = listen(identity, network);
    }

    private Transport listen(Identity identity, Network network) {
        InetSocketAddress address = settings.address();
        try {
            return Transport.open(
                    new Transport.Settings(
                            address, ENTRY_LIMIT_BYTES + Transport.FRAME_OVERHEAD_BYTES, pingInterval(settings)),
                    network,
                    new Neighbours(settings, identity, replica.members(), book, this::configuration),
                    () -> disk.space().look() != Level.FULL,
                    (peer, sentence) -> refusals.accept(peer, sentence),
                    bytes -> serve(Call.decode(bytes)).thenApply(Reply::encoded));
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

    /** @throws JournalUnusable if the certificate of this node cannot be used, or is not this node's */
    static Network network(RaftSettings settings) {
        try {
            if (settings.security() instanceof MutualTls tls) {
                Neighbours.foreign(settings.self(), tls.names(), settings.address())
                        .ifPresent(problem -> {
                            throw new JournalUnusable(
                                    "antler.tls.certificate: in " + tls.certificate() + " " + problem, null);
                        });
            }
            return TcpNetwork.open(settings.security(), pingInterval(settings).multipliedBy(3));
        } catch (CertificateUnusable e) {
            throw new JournalUnusable(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Listens, but takes no part before {@link #begin}.
     *
     * @throws JournalUnusable if the port cannot be used
     */
    static RaftPeer open(
            RaftSettings settings,
            Identity identity,
            Replica replica,
            Network network,
            DiskWatch disk,
            LogReach reach) {
        return new RaftPeer(settings, identity, replica, network, disk, reach);
    }

    /** Told why a peer and this one do not agree to talk; on a thread of the network. */
    void onRefusal(BiConsumer<InetSocketAddress, String> listener) {
        refusals = listener;
    }

    /**
     * From now on it follows, and votes if the log says so.
     *
     * @param founders who votes as long as the log has nothing else; none: it waits to be added
     * @throws JournalUnusable if the Raft log cannot be used
     */
    synchronized void begin(Collection<InetSocketAddress> founders) {
        if (stopped) {
            return;
        }
        RaftStorage storage = openStorage();
        try {
            NodeManager.getInstance().addAddress(self().getEndpoint());
            NodeOptions options = options(founders);
            options.setServiceFactory(withCheckedSnapshots(storage));
            node = RaftServiceFactory.createAndInitRaftNode(GROUP, self(), options);
        } catch (RuntimeException e) {
            NodeManager.getInstance().removeAddress(self().getEndpoint());
            storage.close();
            transport.close();
            throw new JournalUnusable(
                    "The Raft peer in " + settings.directory() + " does not start (the lines before say why)."
                            + " If something there is damaged: " + JournalUnusable.COPY_FROM_OTHERS,
                    e);
        }
    }

    private RaftStorage openStorage() {
        try {
            RaftStorage storage = disk.openStorage(reach.before());
            reach.follow(storage::syncedIndex);
            return storage;
        } catch (JournalUnusable e) {
            transport.close();
            throw e;
        }
    }

    private static RaftStorage withCheckedSnapshots(RaftStorage storage) {
        return new RaftStorage(storage) {
            @Override
            public SnapshotStorage createSnapshotStorage(NodeOptions ofNode) {
                return new CheckedSnapshotStorage(ofNode.getSnapshotUri(), ofNode.getRaftOptions());
            }
        };
    }

    private NodeOptions options(Collection<InetSocketAddress> founders) {
        int electionTimeoutMs = (int) settings.electionTimeout().toMillis();
        var raft = new RaftOptions();
        raft.setSync(true);
        raft.setEnableLogEntryChecksum(true);
        raft.setMaxElectionDelayMs(Math.max(1, electionTimeoutMs / 2));
        raft.setOpenStatistics(false);
        raft.setMaxByteCountPerRpc(SNAPSHOT_PIECE_BYTES);
        raft.setElectionHeartbeatFactor(
                20); // when nothing follows, a follower learns of a commit by the next heartbeat
        var options = new TransportOptions(transport);
        options.setRaftOptions(raft);
        options.setElectionTimeoutMs(electionTimeoutMs);
        options.setRpcConnectTimeoutMs(Math.max(50, electionTimeoutMs / 4));
        options.setRpcDefaultTimeout(2 * electionTimeoutMs);
        options.setDisableCli(true);
        options.setFsm(replica);
        options.setInitialConf(
                new Configuration(founders.stream().map(AddressBook::peer).toList()));
        Path directory = settings.directory().resolve("raft");
        options.setLogUri(directory.resolve("log").toString());
        options.setSnapshotUri(directory.resolve("snapshot").toString());
        options.setSnapshotIntervalSecs(0); // SnapshotTrigger decides
        options.setFilterBeforeCopyRemote(true); // an interrupted copy goes on where it was
        return options;
    }

    private PeerId self() {
        return AddressBook.peer(settings.address());
    }

    AddressBook book() {
        return book;
    }

    Optional<Node> node() {
        return Optional.ofNullable(node);
    }

    /** Raft's own, as of the last entry in this peer's log; empty while it has none. */
    Configuration configuration() {
        return node instanceof NodeImpl current ? current.getCurrentConf() : new Configuration();
    }

    Optional<NodeId> leader() {
        Node current = node;
        PeerId leader = current == null ? null : current.getLeaderId();
        return leader == null ? Optional.empty() : book.node(leader);
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
        return book.address(leader.get())
                .map(address -> ask(address, call, timeout))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        new Reply.TryAgain("the address of " + leader.get() + " is not known")));
    }

    /** One attempt at one node. Fails when the connection does. */
    CompletableFuture<Reply> ask(InetSocketAddress to, Call call, Duration timeout) {
        return transport.call(to, call.encoded(), timeout).thenApply(Reply::decode);
    }

    private CompletableFuture<Reply> serve(Call call) {
        return call instanceof Call.Join join && replica.leaderTerm() == 0 ? forward(join) : lead(call);
    }

    /** The one that asks may know no leader, or not reach it. That it was removed, any node can tell it. */
    private CompletableFuture<Reply> forward(Call.Join join) {
        boolean removed = replica.members()
                .of(join.member().node())
                .filter(each -> each.dismissed() && each.incarnation().equals(join.incarnation()))
                .isPresent();
        if (removed) {
            return CompletableFuture.completedFuture(
                    new Reply.Refused(false, AdmissionRule.removed(join.member().node())));
        }
        return join.forwarded() || leader().equals(Optional.of(settings.self()))
                ? CompletableFuture.completedFuture(new Reply.TryAgain("no leader is known"))
                : attempt(join.forward(), settings.timeout());
    }

    /** What the leader does for a call; a peer that does not lead says so. */
    CompletableFuture<Reply> lead(Call call) {
        Node current = node;
        if (current == null) {
            return CompletableFuture.completedFuture(new Reply.TryAgain(settings.self() + " is starting or stopping"));
        }
        return switch (call) {
            case Call.Propose propose
            when propose.entry().size() > ENTRY_LIMIT_BYTES ->
                CompletableFuture.completedFuture(
                        new Reply.TooLarge(propose.entry().size(), ENTRY_LIMIT_BYTES));
            case Call.Propose propose -> {
                Optional<Reply> refusal = current.isLeader(false) ? disk.refusal() : Optional.empty();
                if (refusal.isPresent()) {
                    yield CompletableFuture.completedFuture(refusal.get());
                }
                var proposal = new Proposal();
                current.apply(new Task(ByteBuffer.wrap(propose.entry().toArrayUnsafe()), proposal));
                yield proposal.reply();
            }
            case Call.Transfer transfer ->
                CompletableFuture.supplyAsync(
                        () -> transfer(current, transfer.to()),
                        Thread::startVirtualThread); // it takes the lock of the node;
            case Call.CanLead _ ->
                CompletableFuture.completedFuture(
                        disk.isFit()
                                ? new Reply.Done(ByteString.emptyByteString())
                                : new Reply.TryAgain("the disk of " + settings.self() + " is full or slow"));
            case Call.Join join -> change("taking in " + join.member(), () -> reconfiguration.run(join));
            case Call.Remove remove -> change("removing " + remove.node(), () -> reconfiguration.run(remove));
        };
    }

    private Reply transfer(Node current, NodeId to) {
        return book.address(to)
                .map(address -> reply(current.transferLeadershipTo(AddressBook.peer(address))))
                .orElseGet(() -> new Reply.TryAgain(to + " is not a member"));
    }

    /** One at a time. A thread of its own, because it waits for the log. */
    private CompletableFuture<Reply> change(String what, Supplier<Reply> procedure) {
        if (!changing.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(
                    new Reply.TryAgain("another change of the group is under way; next: " + what));
        }
        var reply = new CompletableFuture<Reply>();
        Thread.ofVirtual().name("antler-members").start(() -> {
            try {
                reply.complete(procedure.get());
            } catch (RuntimeException e) {
                reply.completeExceptionally(e);
            } finally {
                changing.set(false);
            }
        });
        return reply;
    }

    /** Lets the first other node lead whose disk is fit. None: there is none, or it does not lead itself. */
    CompletableFuture<Optional<NodeId>> handOver() {
        CompletableFuture<Optional<NodeId>> found = CompletableFuture.completedFuture(Optional.empty());
        for (Member member : book.members(configuration())) {
            if (member.votes() && !member.node().equals(settings.self())) {
                found = found.thenCompose(
                        before -> before.isPresent() ? CompletableFuture.completedFuture(before) : handOver(member));
            }
        }
        return found.exceptionally(_ -> Optional.empty()); // what does not answer cannot lead
    }

    private CompletableFuture<Optional<NodeId>> handOver(Member other) {
        return ask(other.address(), new Call.CanLead(), settings.electionTimeout())
                .thenCompose(reply -> reply instanceof Reply.Done
                        ? lead(new Call.Transfer(other.node()))
                        : CompletableFuture.completedFuture(reply))
                .thenApply(reply -> reply instanceof Reply.Done ? Optional.of(other.node()) : Optional.<NodeId>empty())
                .exceptionally(_ -> Optional.empty());
    }

    /** Whether it was elected; it may not be able to commit anything. */
    boolean leads() {
        Node current = node;
        return current != null && current.isLeader(false);
    }

    /** Index of the last entry that a majority has, as far as this peer knows. */
    long committed() {
        Node current = node;
        return current == null ? 0 : current.getLastCommittedIndex();
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

    /**
     * Makes a snapshot of the journal; the log then loses what the one before it has. To be called only if there is
     * something new, or the log loses all that the last one has. Completes with false when another one is under way.
     */
    CompletableFuture<Boolean> snapshot() {
        Node current = node;
        if (current == null) {
            return CompletableFuture.completedFuture(false);
        }
        var made = new CompletableFuture<Boolean>();
        current.snapshot(status -> made.complete(status.isOk()));
        return made;
    }

    /** Leaves the group and waits until nothing is applied any more. */
    synchronized void stop() throws InterruptedException {
        stopped = true;
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
