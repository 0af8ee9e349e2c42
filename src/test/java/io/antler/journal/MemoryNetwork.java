package io.antler.journal;

import io.antler.journal.transport.Network;
import io.antler.journal.transport.Wire;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network within this JVM that can be worse than any real one. What is on its way across a cut waits and arrives, late and
 * in order, when that is mended; while the quality is bad, single frames are lost, doubled, and overtake each other.
 */
final class MemoryNetwork {
    private static final long RETRY_MS = 20;

    private record Way(InetSocketAddress from, InetSocketAddress to) {}

    private final Random random;
    private final Map<InetSocketAddress, Host> hosts = new ConcurrentHashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private final Map<Way, Queue<Runnable>> waiting = new HashMap<>();
    private int badPercent;
    private int longestDelayMs;

    MemoryNetwork(Random random) {
        this.random = random;
    }

    /** The access of one peer; a new one after each restart. */
    Network at(InetSocketAddress address) {
        var host = new Host(address);
        hosts.put(address, host);
        return host;
    }

    synchronized void cut(InetSocketAddress from, InetSocketAddress to) {
        cuts.add(new Way(from, to));
    }

    synchronized void mend(InetSocketAddress from, InetSocketAddress to) {
        var way = new Way(from, to);
        cuts.remove(way);
        Queue<Runnable> late = waiting.remove(way);
        if (late != null) {
            late.forEach(arrival -> arrive(way, arrival));
        }
    }

    synchronized void mendAll() {
        List.copyOf(cuts).forEach(way -> mend(way.from(), way.to()));
        quality(0, 0);
    }

    /** @param percent of the frames that are lost, and as many that are doubled */
    synchronized void quality(int percent, int delayMs) {
        badPercent = percent;
        longestDelayMs = delayMs;
    }

    private synchronized boolean isCut(Way way) {
        return cuts.contains(way);
    }

    private synchronized int delayMs() {
        return longestDelayMs == 0 ? 0 : random.nextInt(longestDelayMs);
    }

    private synchronized int copies() {
        boolean bad = random.nextInt(100) < badPercent;
        return bad && random.nextBoolean() ? 0 : bad ? 2 : 1;
    }

    private void carry(Way way, Runnable arrival) {
        later(way.to(), delayMs(), () -> arrive(way, arrival));
    }

    private synchronized void arrive(Way way, Runnable arrival) {
        if (cuts.contains(way)) {
            waiting.computeIfAbsent(way, _ -> new ArrayDeque<>()).add(arrival);
        } else {
            later(way.to(), 0, arrival);
        }
    }

    private void later(InetSocketAddress at, long delayMs, Runnable task) {
        Host host = hosts.get(at);
        if (host != null) {
            host.later(delayMs, task);
        }
    }

    private final class Host implements Network {
        private final InetSocketAddress address;
        private final ScheduledExecutorService loop =
                Executors.newSingleThreadScheduledExecutor(Threads.daemon("memory-network"));
        private final Set<End> ends = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Function<InetSocketAddress, Optional<Wire.Receiver>> accept;

        Host(InetSocketAddress address) {
            this.address = address;
        }

        void later(long delayMs, Runnable task) {
            try {
                if (delayMs == 0) {
                    loop.execute(task);
                } else {
                    var _ = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
                }
            } catch (RejectedExecutionException closed) {
                return; // nobody is there any more
            }
        }

        @Override
        public Closeable listen(InetSocketAddress at, Function<InetSocketAddress, Optional<Wire.Receiver>> receivers)
                throws IOException {
            accept = receivers;
            return () -> accept = null;
        }

        @Override
        public void connect(InetSocketAddress to, Duration timeout, Wire.Receiver receiver) {
            long deadline = System.nanoTime() + timeout.toNanos();
            later(delayMs(), () -> connect(to, deadline, receiver));
        }

        private void connect(InetSocketAddress to, long deadline, Wire.Receiver receiver) {
            Host other = hosts.get(to);
            var accepting = other == null ? null : other.accept;
            if (isCut(new Way(address, to)) || isCut(new Way(to, address))) {
                if (deadline - System.nanoTime() > 0) {
                    later(RETRY_MS, () -> connect(to, deadline, receiver));
                } else {
                    receiver.ended(new Wire.Ending("no answer", false));
                }
            } else if (other == null || accepting == null) {
                receiver.ended(new Wire.Ending("refused", false));
            } else {
                accepting
                        .apply(address)
                        .ifPresentOrElse(
                                there -> join(other, there, receiver),
                                () -> receiver.ended(new Wire.Ending("refused", false)));
            }
        }

        private void join(Host other, Wire.Receiver there, Wire.Receiver here) {
            var near = new End(this, other.address, here);
            var far = new End(other, address, there);
            near.other = far;
            far.other = near;
            other.later(0, far::open);
            near.open();
        }

        @Override
        public void close() {
            ends.forEach(End::close);
            loop.shutdown();
            hosts.remove(address, this);
        }
    }

    private final class End implements Wire {
        private final Host host;
        private final InetSocketAddress remote;
        private final Receiver receiver;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile @Nullable End other;

        End(Host host, InetSocketAddress remote, Receiver receiver) {
            this.host = host;
            this.remote = remote;
            this.receiver = receiver;
        }

        private void open() {
            host.ends.add(this);
            receiver.opened(this);
        }

        private Way way() {
            return new Way(host.address, remote);
        }

        @Override
        public void send(byte[] frame) {
            End to = other;
            if (to != null && !over.get()) {
                for (int copies = copies(); copies > 0; copies--) {
                    carry(way(), () -> to.take(frame));
                }
            }
        }

        private void take(byte[] frame) {
            if (!over.get()) {
                receiver.heard();
                receiver.received(frame);
            }
        }

        @Override
        public void close() {
            End to = other;
            if (to != null) {
                carry(way(), () -> to.end("closed by the other side"));
            }
            host.later(0, () -> end("closed here"));
        }

        private void end(String reason) {
            if (over.compareAndSet(false, true)) {
                host.ends.remove(this);
                receiver.ended(new Ending(reason, false));
            }
        }

        @Override
        public InetSocketAddress remote() {
            return remote;
        }

        @Override
        public Set<String> certificateNames() {
            return Set.of();
        }

        @Override
        public ScheduledExecutorService loop() {
            return host.loop;
        }
    }
}
