package io.antler.journal.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.util.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one peer sends and receives. Any thread may call. */
public final class Transport implements AutoCloseable {
    /** What a frame has besides the largest entry: JRaft sends up to 512 KiB and one entry more, with 1024 descriptions. */
    public static final int FRAME_OVERHEAD_BYTES = (512 + 256) << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final int STRANGERS = 64;
    private static final int SENTENCES = 64;

    /** JRaft answers none before its log has written what it took: they must not keep heartbeats waiting. */
    private static final int VOTES = 64;

    private static final int SENTENCE_CHARS = 500;

    /**
     * @param address of this peer
     * @param frameLimitBytes nothing larger is sent, and who sends it is cut off
     * @param pingInterval a peer not heard of for three of them counts as dead
     */
    public record Settings(InetSocketAddress address, int frameLimitBytes, Duration pingInterval) {}

    private final Settings settings;
    private final Network network;
    private final Admission admission;
    private final BiConsumer<InetSocketAddress, String> refusals;
    private final Function<byte[], CompletionStage<byte[]>> service;
    private final ServerView server;
    private final ExecutorService requests = Executors.newFixedThreadPool(4, daemon("antler-raft-rpc"));
    private final ExecutorService votes = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(VOTES), daemon("antler-raft-vote"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(daemon("antler-raft-timer"));
    private final Map<InetSocketAddress, Link> links = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final List<ReplicatorGroup> replicators = new CopyOnWriteArrayList<>();
    private final Set<String> said = new HashSet<>();
    private volatile boolean closed;
    private Closeable listening = () -> {};

    private Transport(
            Settings settings,
            Network network,
            Admission admission,
            BiConsumer<InetSocketAddress, String> refusals,
            Function<byte[], CompletionStage<byte[]>> service) {
        this.settings = settings;
        this.network = network;
        this.admission = admission;
        this.refusals = refusals;
        this.service = service;
        this.server = new ServerView(settings.address().getPort());
    }

    /**
     * Listens, and answers as soon as JRaft's node exists.
     *
     * @param network closed with the transport, also if this fails
     * @param room whether this peer can store entries of the log now; asked before each append
     * @param refusals told why a peer and this one do not agree to talk, once per sentence
     * @param service answers {@link #call}; without blocking
     * @throws IOException if the address cannot be listened on
     */
    public static Transport open(
            Settings settings,
            Network network,
            Admission admission,
            BooleanSupplier room,
            BiConsumer<InetSocketAddress, String> refusals,
            Function<byte[], CompletionStage<byte[]>> service)
            throws IOException {
        var transport = new Transport(settings, network, admission, refusals, service);
        try {
            RaftRpcServerFactory.addRaftRequestProcessors(
                    transport.server, transport.requests, transport.requests, transport.requests);
            transport.server.registerProcessor(new AppendProcessor(transport.requests, room));
            transport.server.registerProcessor(new RequestVoteRequestProcessor(transport.votes));
            transport.listening = network.listen(settings.address(), transport::accept);
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    /** Fails at once while there is no connection, which this then begins to make. Completes on a thread of the network. */
    public CompletableFuture<byte[]> call(InetSocketAddress to, byte[] request, Duration timeout) {
        var answer = new CompletableFuture<byte[]>();
        try {
            link(to).invoke(request, timeout.toMillis(), (response, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(failure);
                } else if (response instanceof byte[] bytes) {
                    answer.complete(bytes);
                } else {
                    answer.completeExceptionally(new IllegalStateException("an answer that is not ours: " + response));
                }
            });
        } catch (RemotingException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    Link link(InetSocketAddress to) {
        Link link = links.computeIfAbsent(to, address -> new Link(this, address));
        if (closed) {
            link.close("this peer is closed");
        }
        return link;
    }

    void forget(InetSocketAddress to) {
        Link link = links.remove(to);
        if (link != null) {
            link.close("no longer needed");
        }
    }

    void onConnected(ReplicatorGroup group) {
        replicators.add(group);
    }

    /** JRaft takes the lock of its node then, so this is not for a thread of the network. */
    void connected(InetSocketAddress to) {
        var peer = new PeerId(endpoint(to), 0);
        try {
            requests.execute(() -> replicators.forEach(group -> group.checkReplicator(peer, true)));
        } catch (RejectedExecutionException e) {
            LOG.debug("peer={} connected while this one is closing", peer);
        }
    }

    void refused(InetSocketAddress by, String sentence) {
        refusals.accept(by, sentence);
    }

    void later(long delayMs, Runnable task) {
        try {
            var _ = timer.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("no further attempt to connect, this peer is closing");
        }
    }

    /** Who has not said its hello yet may not use up what peers need. */
    private Optional<Wire.Receiver> accept(InetSocketAddress remote) {
        if (closed || sessions.stream().filter(session -> !session.admitted()).count() >= STRANGERS) {
            return Optional.empty();
        }
        var session = new Session(this, remote);
        sessions.add(session);
        return Optional.of(session);
    }

    /** Whether this was not said lately. */
    boolean news(String sentence) {
        synchronized (said) {
            if (said.size() >= SENTENCES) {
                said.clear();
            }
            return said.add(sentence);
        }
    }

    /** Text of somebody else, for a line of the log. */
    static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SENTENCE_CHARS ? line : line.substring(0, SENTENCE_CHARS) + "...";
    }

    int sessionCount() {
        return sessions.size();
    }

    void ended(Session session) {
        if (sessions.remove(session)) {
            try {
                requests.execute(() -> server.closed(session));
            } catch (RejectedExecutionException e) {
                LOG.debug("peer={} ended while this one is closing", session.remoteAddress());
            }
        }
    }

    void checkSize(byte[] frame, Object request) throws RemotingException {
        if (frame.length > settings.frameLimitBytes()) {
            throw new RemotingException("not sent, a " + request.getClass().getSimpleName() + " of " + frame.length
                    + " bytes is larger than the limit of " + settings.frameLimitBytes());
        }
    }

    ExecutorService newAppendThread() {
        return Executors.newSingleThreadExecutor(daemon("antler-raft-append"));
    }

    Network network() {
        return network;
    }

    Admission admission() {
        return admission;
    }

    ServerView server() {
        return server;
    }

    Executor requests() {
        return requests;
    }

    Function<byte[], CompletionStage<byte[]>> service() {
        return service;
    }

    Duration pingInterval() {
        return settings.pingInterval();
    }

    Duration connectTimeout() {
        return settings.pingInterval().multipliedBy(2);
    }

    int frameLimitBytes() {
        return settings.frameLimitBytes();
    }

    static String otherFormat(short format) {
        return "it speaks format " + format + " of the journal's transport, this node speaks " + Frame.FORMAT
                + ": run the same release of Antler on both";
    }

    static String shown(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    public static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
    }

    static InetSocketAddress address(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.getIp(), endpoint.getPort());
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }

    /** Gives up the port, ends every connection and fails what is under way. */
    @Override
    public void close() {
        closed = true;
        server.shutdown();
        try {
            listening.close();
        } catch (IOException e) {
            LOG.warn("port {} not given up: {}", settings.address().getPort(), e.getMessage());
        }
        links.values().forEach(link -> link.close("this peer is closed"));
        sessions.forEach(Session::close);
        network.close();
        timer.shutdownNow();
        requests.shutdown();
        votes.shutdown();
    }
}
