package io.antler.journal.transport;

import java.io.Closeable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network in this JVM whose faults are drawn from one seed. One thread carries everything, so what happens depends on the
 * seed and on when the peers send. Any thread may call.
 */
public final class FaultyNetwork implements AutoCloseable {
    /**
     * What happens to each frame.
     *
     * @param loss share that is lost for good; the connection stays, which TCP would not do
     * @param duplication share that arrives twice
     * @param reordering share that is late by once more the longest delay, and overtaken
     */
    public record Faults(double loss, double duplication, double reordering, Duration shortest, Duration longest) {
        public static final Faults NONE = new Faults(0, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    private static final long RETRY_NANOS = 20_000_000; // as TCP repeats its SYN

    private record Way(InetSocketAddress from, InetSocketAddress to) {}

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("faulty-network").factory());
    private final Random random;
    private final Map<InetSocketAddress, Access> listening = new HashMap<>();
    private final Set<Way> cut = new HashSet<>();
    private final Set<InetSocketAddress> paused = new HashSet<>();
    private final Map<Way, Queue<Runnable>> held = new HashMap<>();
    private Faults faults = Faults.NONE;

    public FaultyNetwork(long seed) {
        random = new Random(seed);
    }

    /** The network as one peer sees it; closing it ends that peer's connections only. */
    public Network at(InetSocketAddress self) {
        return new Access(self);
    }

    public void faults(Faults next) {
        run(() -> faults = next);
    }

    /** Nothing goes that way until {@link #mend} or {@link #heal}; what is sent meanwhile waits, as TCP would send it again. */
    public void cut(InetSocketAddress from, InetSocketAddress to) {
        run(() -> cut.add(new Way(from, to)));
    }

    /** Cuts both ways between this peer and every other one. */
    public void isolate(InetSocketAddress peer, Iterable<InetSocketAddress> others) {
        for (InetSocketAddress other : others) {
            if (!other.equals(peer)) {
                cut(peer, other);
                cut(other, peer);
            }
        }
    }

    public void mend(InetSocketAddress from, InetSocketAddress to) {
        run(() -> {
            cut.remove(new Way(from, to));
            release();
        });
    }

    /** Both ways between this peer and every other one. */
    public void rejoin(InetSocketAddress peer, Iterable<InetSocketAddress> others) {
        for (InetSocketAddress other : others) {
            mend(peer, other);
            mend(other, peer);
        }
    }

    /** Mends all that is cut. */
    public void heal() {
        run(() -> {
            cut.clear();
            release();
        });
    }

    /** Nothing reaches or leaves this peer until {@link #resume}; its threads go on. */
    public void pause(InetSocketAddress peer) {
        run(() -> paused.add(peer));
    }

    public void resume(InetSocketAddress peer) {
        run(() -> {
            paused.remove(peer);
            release();
        });
    }

    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the network is closed, as are its peers
        }
    }

    private boolean open(Way way) {
        return !cut.contains(way) && !paused.contains(way.from()) && !paused.contains(way.to());
    }

    private void release() {
        for (Way way : List.copyOf(held.keySet())) {
            Queue<Runnable> waiting = held.get(way);
            while (waiting != null && open(way) && !waiting.isEmpty()) {
                waiting.remove().run();
            }
        }
    }

    /** Delivers when the way is open, never before what was sent earlier that way and waits. */
    private void deliver(Way way, Runnable arrival) {
        Queue<Runnable> waiting = held.computeIfAbsent(way, _ -> new ArrayDeque<>());
        if (open(way) && waiting.isEmpty()) {
            arrival.run();
        } else {
            waiting.add(arrival);
        }
    }

    private long delayNanos() {
        long spread = faults.longest().toNanos() - faults.shortest().toNanos();
        return faults.shortest().toNanos() + (spread > 0 ? random.nextLong(spread) : 0);
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }

    /** One peer's side. */
    private final class Access implements Network {
        private final InetSocketAddress self;
        private final List<End> ends = new ArrayList<>();
        private @Nullable Function<InetSocketAddress, Optional<Wire.Receiver>> accept;

        Access(InetSocketAddress self) {
            this.self = self;
        }

        @Override
        public Closeable listen(InetSocketAddress at, Function<InetSocketAddress, Optional<Wire.Receiver>> accepting) {
            run(() -> {
                accept = accepting;
                listening.put(at, this);
            });
            return () -> run(() -> listening.remove(at, this));
        }

        @Override
        public void connect(InetSocketAddress to, Duration timeout, Wire.Receiver receiver) {
            long deadline = System.nanoTime() + timeout.toNanos();
            run(() -> connect(to, deadline, receiver));
        }

        private void connect(InetSocketAddress to, long deadline, Wire.Receiver receiver) {
            Access other = listening.get(to);
            if (!open(new Way(self, to)) || !open(new Way(to, self))) {
                long left = deadline - System.nanoTime();
                if (left > 0) {
                    var _ = loop.schedule(
                            () -> connect(to, deadline, receiver), Math.min(left, RETRY_NANOS), TimeUnit.NANOSECONDS);
                } else {
                    receiver.ended(new Wire.Ending("timed out", false));
                }
            } else if (other == null || other.accept == null) {
                receiver.ended(new Wire.Ending("refused", false));
            } else {
                other.accept
                        .apply(self)
                        .ifPresentOrElse(
                                accepted -> join(other, receiver, accepted),
                                () -> receiver.ended(new Wire.Ending("refused", false)));
            }
        }

        private void join(Access other, Wire.Receiver calling, Wire.Receiver called) {
            var here = new End(self, other.self, calling);
            var there = new End(other.self, self, called);
            here.other = there;
            there.other = here;
            ends.add(here);
            other.ends.add(there);
            called.opened(there);
            calling.opened(here);
        }

        @Override
        public void close() {
            run(() -> {
                listening.remove(self, this);
                List.copyOf(ends).forEach(End::close);
                ends.clear();
            });
        }
    }

    /** One end of a connection. */
    private final class End implements Wire {
        private final Way way;
        private final Receiver receiver;
        private @Nullable End other;
        private long latestNanos;
        private boolean ended;

        End(InetSocketAddress here, InetSocketAddress there, Receiver receiver) {
            this.way = new Way(here, there);
            this.receiver = receiver;
        }

        @Override
        public void send(byte[] frame) {
            run(() -> {
                if (ended || random.nextDouble() < faults.loss()) {
                    return;
                }
                int times = random.nextDouble() < faults.duplication() ? 2 : 1;
                for (int i = 0; i < times; i++) {
                    travel(() -> arrived(frame), random.nextDouble() < faults.reordering());
                }
            });
        }

        private void travel(Runnable arrival, boolean late) {
            long at = Math.max(latestNanos, System.nanoTime() + delayNanos());
            if (late) {
                at += faults.longest().toNanos();
            } else {
                latestNanos = at;
            }
            long left = at - System.nanoTime();
            if (left <= 0) {
                deliver(way, arrival); // a detour by the timer could change the order of what is not delayed
            } else {
                var _ = loop.schedule(() -> deliver(way, arrival), left, TimeUnit.NANOSECONDS);
            }
        }

        private void arrived(byte[] frame) {
            End to = other;
            if (to == null || to.ended) {
                return;
            }
            if (frame.length > to.receiver.frameLimitBytes()) {
                to.end("a frame of " + frame.length + " bytes");
                return;
            }
            to.receiver.heard();
            to.receiver.received(frame.clone());
        }

        @Override
        public void close() {
            run(() -> end("closed here"));
        }

        private void end(String reason) {
            if (!ended) {
                ended = true;
                receiver.ended(new Ending(reason, false));
                travel(
                        () -> {
                            if (other != null) {
                                other.end("closed by the other side");
                            }
                        },
                        false);
            }
        }

        @Override
        public InetSocketAddress remote() {
            return way.to();
        }

        @Override
        public Set<String> certificateNames() {
            return Set.of();
        }

        @Override
        public ScheduledExecutorService loop() {
            return loop;
        }
    }
}
