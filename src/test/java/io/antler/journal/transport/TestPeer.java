package io.antler.journal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.alipay.sofa.jraft.util.Endpoint;
import io.antler.lab.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A transport without a Raft node. Admits who is called n and a digit; answers a call with the same bytes. */
final class TestPeer implements Admission, AutoCloseable {
    static final Duration PING = Duration.ofMillis(100);
    static final int LIMIT_BYTES = (4 << 20) + Transport.FRAME_OVERHEAD_BYTES;

    final InetSocketAddress address;
    final Transport transport;
    final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile String name;
    volatile CompletableFuture<byte[]> answer = CompletableFuture.completedFuture(new byte[0]);
    volatile boolean echo = true;

    private TestPeer(String name, InetSocketAddress address, Network network) {
        this.name = name;
        this.address = address;
        try {
            transport = Transport.open(
                    new Transport.Settings(address, LIMIT_BYTES, PING),
                    network,
                    this,
                    () -> true,
                    (_, sentence) -> refusals.add(sentence),
                    bytes -> echo ? CompletableFuture.completedFuture(bytes) : answer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static TestPeer open(String name, Security security) {
        return open(name, freeAddress(), TcpNetwork.open(security, PING.multipliedBy(3)));
    }

    static TestPeer open(String name, InetSocketAddress address, Network network) {
        return new TestPeer(name, address, network);
    }

    static InetSocketAddress freeAddress() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Endpoint endpoint() {
        return Transport.endpoint(address);
    }

    Link to(TestPeer other) {
        return transport.link(other.address);
    }

    void connect(TestPeer other) {
        to(other).want();
        Await.until(name + " connected to " + other.name, () -> to(other).ready());
    }

    CompletableFuture<byte[]> call(TestPeer other, byte[] bytes) {
        return transport.call(other.address, bytes, Duration.ofSeconds(30));
    }

    boolean answers(TestPeer other) {
        try {
            return other.call(this, new byte[] {1}).get().length == 1;
        } catch (InterruptedException | ExecutionException e) {
            return false;
        }
    }

    @Override
    public byte[] hello() {
        return name.getBytes(UTF_8);
    }

    @Override
    public Optional<String> mistaken(InetSocketAddress called, Set<String> names) {
        return names.contains("127.0.0.1") ? Optional.empty() : Optional.of("certificate of " + names);
    }

    @Override
    public Verdict admit(Visitor visitor, byte[] hello) {
        asked.incrementAndGet();
        String other = new String(hello, UTF_8);
        if (!other.matches("n[0-9]")) {
            return new Verdict.Refused(name + " knows no " + other);
        }
        return visitor.certificateNames().isEmpty()
                        || visitor.certificateNames().contains(other)
                ? new Verdict.Admitted(other)
                : new Verdict.Refused("not the certificate of " + other);
    }

    @Override
    public void close() {
        transport.close();
    }
}
