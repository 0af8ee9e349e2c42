package io.antler.journal.transport;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import io.antler.journal.transport.Admission.Verdict;
import io.antler.journal.transport.Admission.Visitor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one other peer: at most one connection, tried again and again from the first use until this is closed, so
 * that a network that heals is used at once. Any thread.
 */
final class Link {
    /** Completed once, with an answer or a failure. Called on a thread that must not be blocked. */
    interface Answer {
        void complete(@Nullable Object response, @Nullable Throwable failure);
    }

    private record Waiting(Answer answer, long deadline) {}

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 250;
    private static final long LONGEST_PAUSE_AFTER_REFUSAL_MS = 5_000;

    /** How long a fresh attempt is waited for: JRaft calls under the lock of its node. */
    private static final long PATIENCE_MS = 50;

    private final Transport transport;
    private final InetSocketAddress to;
    private final AtomicLong ids = new AtomicLong();
    private volatile @Nullable Connection ready;
    private @Nullable Connection attempt;
    private boolean wanted;
    private boolean closed;
    private long pauseMs = FIRST_PAUSE_MS;
    private String trouble = "";
    private int vanished;

    Link(Transport transport, InetSocketAddress to) {
        this.transport = transport;
        this.to = to;
    }

    boolean ready() {
        return ready != null;
    }

    /** Begins to connect unless that is under way. */
    synchronized void want() {
        if (!wanted && !closed) {
            wanted = true;
            begin();
        }
    }

    private synchronized void begin() {
        if (closed) {
            return;
        }
        var connection = new Connection();
        attempt = connection;
        transport.network().connect(to, transport.connectTimeout(), connection);
    }

    /** Waits for an attempt that has just begun; a peer that did not answer at once is not waited for. */
    boolean awaitReady(long timeoutMs) throws InterruptedException {
        want();
        Connection current;
        synchronized (this) {
            current = attempt;
        }
        if (ready() || current == null) {
            return ready();
        }
        long patience = Math.min(timeoutMs, PATIENCE_MS - current.ageMs());
        if (patience <= 0) {
            return ready();
        }
        try {
            return current.outcome.get(patience, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false; // the attempt goes on, and its end is told where it is handled
        }
    }

    /**
     * Sends, in the order of calls. Fails at once while there is no connection.
     *
     * @throws RemotingException if it cannot be sent; then {@code answer} is never called
     */
    void invoke(Object request, long timeoutMs, Answer answer) throws RemotingException {
        Connection connection = ready;
        if (connection == null) {
            want();
            throw new RemotingException("no connection to " + Transport.shown(to));
        }
        connection.request(request, timeoutMs, answer);
    }

    void close(String reason) {
        Connection current;
        synchronized (this) {
            closed = true;
            current = attempt;
        }
        if (current != null) {
            current.end(reason);
        }
    }

    private void became(Connection connection, String peer) {
        synchronized (this) {
            if (closed) {
                return;
            }
            ready = connection;
            pauseMs = FIRST_PAUSE_MS;
            trouble = "";
            vanished = 0;
        }
        connection.outcome.complete(true);
        LOG.info("peer={} connected to {}", peer, Transport.shown(to));
        transport.connected(to);
    }

    private void lost(Connection connection, Wire.Ending ending, boolean refused, boolean reached) {
        String news = "";
        boolean wasReady;
        synchronized (this) {
            if (attempt != connection) {
                return;
            }
            attempt = null;
            wasReady = ready == connection;
            ready = null;
            vanished = reached && !wasReady ? vanished + 1 : 0;
            boolean tell = refused || ending.strange() || vanished >= 3;
            if (tell && !trouble.equals(ending.reason())) {
                trouble = ending.reason();
                news = trouble;
            }
            if (!closed) {
                transport.later(pauseMs, this::begin);
                pauseMs = Math.min(
                        2 * pauseMs, refused || ending.strange() ? LONGEST_PAUSE_AFTER_REFUSAL_MS : LONGEST_PAUSE_MS);
            }
        }
        connection.outcome.complete(false);
        if (wasReady) {
            LOG.info("peer={} connection to {} lost: {}", connection.peer, Transport.shown(to), ending.reason());
        } else {
            LOG.debug("no connection to {}: {}", Transport.shown(to), ending.reason());
        }
        if (!news.isEmpty()) {
            transport.refused(to, news);
        }
    }

    /** One attempt and, if it succeeds, the connection. The receiver's methods run on the loop of its wire. */
    private final class Connection implements Wire.Receiver {
        private final long begun = System.nanoTime();
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
        private final Silence silence = new Silence();
        private volatile @Nullable Wire wire;
        private final AtomicReference<Wire.@Nullable Ending> ended = new AtomicReference<>();
        private volatile @Nullable ScheduledFuture<?> ticks;
        private @Nullable String refusal;
        private String peer = Transport.shown(to);
        private boolean admitted;
        private int unanswered;

        long ageMs() {
            return Duration.ofNanos(System.nanoTime() - begun).toMillis();
        }

        void request(Object request, long timeoutMs, Answer answer) throws RemotingException {
            long id = ids.incrementAndGet();
            byte[] frame = Frame.request(id, request);
            transport.checkSize(frame, request);
            waiting.put(id, new Waiting(answer, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs)));
            Wire.Ending over = ended.get();
            if (over != null && waiting.remove(id) != null) {
                throw new RemotingException("connection to " + Transport.shown(to) + " lost: " + over.reason());
            }
            Wire current = wire;
            if (current != null) {
                current.send(frame);
            }
        }

        @Override
        public void opened(Wire opened) {
            wire = opened;
            Optional<String> mistaken = opened.certificateNames().isEmpty()
                    ? Optional.empty()
                    : transport.admission().mistaken(to, opened.certificateNames());
            if (mistaken.isPresent()) {
                refuse(mistaken.get());
                return;
            }
            opened.send(Frame.hello(transport.admission().hello()));
            long pingMs = transport.pingInterval().toMillis();
            ticks = opened.loop().scheduleWithFixedDelay(this::tick, pingMs, pingMs, TimeUnit.MILLISECONDS);
            if (closed()) {
                end("this peer is closed");
            }
        }

        private boolean closed() {
            synchronized (Link.this) {
                return closed;
            }
        }

        private void tick() {
            if (silence.tick() || (!admitted && ++unanswered > Silence.HELLO_TICKS)) {
                end("silent for "
                        + Silence.LIMIT_TICKS * transport.pingInterval().toMillis() + " ms");
                return;
            }
            Wire current = wire;
            if (admitted && current != null) {
                current.send(Frame.ping());
            }
            long now = System.nanoTime();
            waiting.forEach((id, request) -> {
                if (now - request.deadline() >= 0 && waiting.remove(id) != null) {
                    request.answer()
                            .complete(
                                    null, new InvokeTimeoutException("no answer of " + peer + " in the time allowed"));
                }
            });
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
            if (ended.get() != null) {
                return;
            }
            try {
                take(Frame.decode(bytes));
            } catch (BadFrame e) {
                LOG.warn("peer={} connection to {} closed, it sent {}", peer, Transport.shown(to), e.getMessage());
                end("it sent " + e.getMessage());
            }
        }

        private void take(Frame frame) {
            switch (frame) {
                case Frame.Failure failure
                when failure.id() == 0 -> refuse("it says: " + Transport.printable(failure.sentence()));
                case Frame.Hello hello when !admitted -> greeted(hello);
                case Frame.Response response
                when admitted -> {
                    Waiting request = waiting.remove(response.id());
                    if (request != null) { // else nobody waits any more
                        answer(request, response);
                    }
                }
                case Frame.Failure failure
                when admitted -> {
                    Waiting request = waiting.remove(failure.id());
                    if (request != null) {
                        request.answer().complete(null, new RemotingException(peer + ": " + failure.sentence()));
                    }
                }
                case Frame.Pong _ when admitted -> {}
                case Frame other -> throw new BadFrame("a " + other.getClass().getSimpleName() + " out of place");
            }
        }

        private void answer(Waiting request, Frame.Response response) {
            Object message;
            try {
                message = Messages.parse(response.message(), response.body());
            } catch (BadFrame e) {
                request.answer().complete(null, new RemotingException(peer + " sent " + e.getMessage(), e));
                throw e;
            }
            request.answer().complete(message, null);
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
            var visitor = new Visitor(Optional.of(to), current.remote(), current.certificateNames());
            switch (transport.admission().admit(visitor, hello.content().toByteArray())) {
                case Verdict.Refused refused -> refuse(refused.sentence());
                case Verdict.Admitted ok -> {
                    admitted = true;
                    peer = ok.peer();
                    became(this, peer);
                }
            }
        }

        private void refuse(String sentence) {
            refusal = sentence;
            end(sentence);
        }

        void end(String reason) {
            Wire current = wire;
            if (current != null) {
                current.close();
            }
            ended(new Wire.Ending(reason, false));
        }

        @Override
        public void ended(Wire.Ending ending) {
            if (!ended.compareAndSet(null, ending)) {
                return;
            }
            ScheduledFuture<?> timer = ticks;
            if (timer != null) {
                timer.cancel(false);
            }
            lost(this, ending, refusal != null, wire != null);
            waiting.keySet().forEach(id -> {
                Waiting request = waiting.remove(id);
                if (request != null) {
                    request.answer()
                            .complete(
                                    null, new RemotingException("connection to " + peer + " lost: " + ending.reason()));
                }
            });
        }
    }
}
