package io.antler.journal.transport;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import io.antler.journal.transport.Admission.Verdict;
import io.antler.journal.transport.Admission.Visitor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection from another peer, and what it asks here. Nothing of it is parsed before its hello is accepted. Appends
 * are done one after the other in the order of receipt; heartbeats, votes and the rest do not wait for them.
 */
final class Session implements Wire.Receiver, Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Transport transport;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final Silence silence = new Silence();
    private @Nullable ExecutorService appends;
    private volatile @Nullable Wire wire;
    private volatile boolean ended;
    private @Nullable ScheduledFuture<?> ticks;
    private volatile boolean admitted;
    private int unknown;
    private final String address;
    private String peer;

    Session(Transport transport, InetSocketAddress remote) {
        this.transport = transport;
        this.address = Transport.shown(remote);
        this.peer = address;
    }

    boolean admitted() {
        return admitted;
    }

    @Override
    public void opened(Wire opened) {
        wire = opened;
        long pingMs = transport.pingInterval().toMillis();
        ticks = opened.loop().scheduleWithFixedDelay(this::tick, pingMs, pingMs, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (silence.tick() || (!admitted && ++unknown > Silence.HELLO_TICKS)) {
            LOG.info("peer={} silent, its connection is closed", peer);
            close();
        } else if (admitted) {
            send(Frame.pong()); // unasked: whoever sends a large entry must hear something while it is taken in
        }
    }

    @Override
    public void heard() {
        silence.heard();
    }

    @Override
    public int frameLimitBytes() {
        return admitted ? transport.frameLimitBytes() : Frame.HELLO_LIMIT_BYTES;
    }

    @Override
    public void received(byte[] bytes) {
        if (ended) {
            return;
        }
        try {
            take(Frame.decode(bytes));
        } catch (BadFrame e) {
            refuse("its connection is closed, it sent " + e.getMessage());
        }
    }

    private void take(Frame frame) {
        switch (frame) {
            case Frame.Hello hello when !admitted -> greeted(hello);
            case Frame.Request request
            when admitted -> dispatch(request.id(), Messages.parse(request.message(), request.body()));
            case Frame.Ping _ when admitted -> {}
            case Frame other -> throw new BadFrame("a " + other.getClass().getSimpleName() + " out of place");
        }
    }

    private void greeted(Frame.Hello hello) {
        Wire current = wire;
        if (current == null) {
            return;
        }
        if (hello.format() != Frame.FORMAT) {
            refuse(Transport.otherFormat(hello.format()));
            return;
        }
        var visitor = new Visitor(Optional.empty(), current.remote(), current.certificateNames());
        switch (transport.admission().admit(visitor, hello.content().toByteArray())) {
            case Verdict.Refused refused -> refuse(refused.sentence());
            case Verdict.Admitted ok -> {
                peer = ok.peer();
                admitted = true;
                send(Frame.hello(transport.admission().hello()));
            }
        }
    }

    private void refuse(String sentence) {
        log("refused", sentence);
        send(Frame.failure(0, sentence));
        close();
    }

    /** Who is refused tries again, and a scanner every port. */
    private void log(String what, String sentence) {
        LOG.atLevel(transport.news(sentence) ? Level.WARN : Level.DEBUG).log("peer={} {}: {}", peer, what, sentence);
    }

    private void dispatch(long id, Object request) {
        if (request instanceof byte[] call) {
            answer(id, call);
            return;
        }
        RpcProcessor<Object> processor = transport.server().processor(request.getClass());
        if (processor == null) {
            send(Frame.failure(
                    id, "nothing here answers a " + request.getClass().getSimpleName()));
            return;
        }
        try {
            executor(processor, request).execute(() -> {
                if (!ended) {
                    processor.handleRequest(new Context(id), request);
                }
            });
        } catch (RejectedExecutionException e) {
            send(Frame.failure(id, "this peer is closing, or has too many of these to answer"));
        }
    }

    private Executor executor(RpcProcessor<Object> processor, Object request) {
        boolean ordered = request instanceof AppendEntriesRequest append
                && (append.getEntriesCount() > 0 || append.hasData()); // else a heartbeat
        if (ordered) {
            ExecutorService existing = appends;
            if (existing == null) {
                existing = transport.newAppendThread();
                appends = existing;
            }
            return existing;
        }
        Executor own = processor.executor();
        return own == null ? transport.requests() : own;
    }

    private void answer(long id, byte[] call) {
        var _ = transport.service().apply(call).whenComplete((bytes, failure) -> {
            if (failure == null) {
                send(Frame.response(id, bytes));
            } else {
                send(Frame.failure(id, String.valueOf(failure.getMessage())));
            }
        });
    }

    private void send(byte[] frame) {
        Wire current = wire;
        if (current != null) {
            current.send(frame);
        }
    }

    @Override
    public void ended(Wire.Ending ending) {
        ended = true;
        ScheduledFuture<?> timer = ticks;
        if (timer != null) {
            timer.cancel(false);
        }
        ExecutorService existing = appends;
        if (existing != null) {
            existing.shutdown(); // without interrupting JRaft; what has not begun is passed over
        }
        if (ending.strange()) {
            log("its connection is closed", ending.reason());
        } else {
            LOG.debug("peer={} its connection ended: {}", peer, ending.reason());
        }
        transport.ended(this);
    }

    @Override
    public @Nullable Object getAttribute(String key) {
        return attributes.get(key);
    }

    @Override
    public void setAttribute(String key, Object value) {
        attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(String key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public void close() {
        Wire current = wire;
        if (current != null) {
            current.close();
        }
    }

    String remoteAddress() {
        return address;
    }

    /** How a processor answers one request. */
    private final class Context implements RpcContext {
        private final long id;

        Context(long id) {
            this.id = id;
        }

        @Override
        public void sendResponse(Object response) {
            send(Frame.response(id, response));
        }

        @Override
        public Connection getConnection() {
            return Session.this;
        }

        @Override
        public String getRemoteAddress() {
            return address;
        }
    }
}
