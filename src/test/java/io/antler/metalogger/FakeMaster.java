package io.antler.metalogger;

import akka.util.ByteString;
import io.antler.moosefs.Change;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.Packet;
import io.antler.moosefs.PacketReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A master as far as a metalogger sees it: what the test wants sent is sent, what it receives can be looked at. */
final class FakeMaster implements Closeable {
    static final MetadataId ID = MetadataId.parse("6B033F33BF7C765B");

    private final ServerSocket changes = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ServerSocket clients = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Packet> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Socket> followers = new LinkedBlockingQueue<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private @Nullable Socket follower;
    volatile long version;
    volatile MetadataId id = ID;

    FakeMaster(long version) throws IOException {
        this.version = version;
        Thread.ofVirtual().start(() -> acceptAll(changes, this::receiveAll));
        Thread.ofVirtual().start(() -> acceptAll(clients, this::answerClient));
    }

    private interface Connection {
        void serve(Socket socket) throws IOException;
    }

    private void acceptAll(ServerSocket server, Connection connection) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        connection.serve(socket);
                    } catch (IOException e) {
                        open.remove(socket); // the other side has gone
                    }
                });
            } catch (IOException e) {
                return; // closed by the test
            }
        }
    }

    private void receiveAll(Socket socket) throws IOException {
        followers.add(socket);
        var packets = new PacketReader(socket.getInputStream());
        while (true) {
            Packet packet = packets.read();
            if (packet.type() != Packet.NOP) {
                received.add(packet);
            }
        }
    }

    private void answerClient(Socket socket) throws IOException {
        var packets = new PacketReader(socket.getInputStream());
        while (true) {
            send(socket, new Packet(Packet.NOP, ByteString.fromArray(new byte[4])));
            switch (packets.read().type()) {
                case Packet.INFO -> send(socket, new Packet(Packet.INFO_ANSWER, info()));
                case Packet.MODULE_INFO -> send(socket, new Packet(Packet.MODULE_INFO_ANSWER, module()));
                default -> {}
            }
        }
    }

    private ByteString info() {
        return ByteString.createBuilder()
                .putInt(0x000300EA, ByteOrder.BIG_ENDIAN)
                .putBytes(new byte[117])
                .putLong(version, ByteOrder.BIG_ENDIAN)
                .putBytes(new byte[20])
                .result();
    }

    private ByteString module() {
        return ByteString.createBuilder()
                .putByte((byte) 1)
                .putInt(0x000300EA, ByteOrder.BIG_ENDIAN)
                .putBytes(new byte[2])
                .putLong(id.value(), ByteOrder.BIG_ENDIAN)
                .putBytes(new byte[6])
                .result();
    }

    InetSocketAddress changesPort() {
        return new InetSocketAddress(changes.getInetAddress(), changes.getLocalPort());
    }

    InetSocketAddress clientPort() {
        return new InetSocketAddress(clients.getInetAddress(), clients.getLocalPort());
    }

    Metalogger.Target target() {
        return new Metalogger.Target(changesPort(), clientPort(), ID);
    }

    /** Waits for the next connection; what is sent from now on goes there. */
    void follower() throws InterruptedException {
        Socket next = followers.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody connected");
        }
        follower = next;
    }

    /** The next packet that is not a NOP. */
    Packet received() throws InterruptedException {
        Packet packet = received.poll(10, TimeUnit.SECONDS);
        if (packet == null) {
            throw new AssertionError("nothing received");
        }
        return packet;
    }

    /** Waits for the registration, then for the follower's own request that it proves itself with, and answers it. */
    void provesInSync(Change... before) throws IOException, InterruptedException {
        expect(Packet.REGISTER);
        Packet request = expect(Packet.GET_VERSION);
        send(before);
        answer(request);
    }

    Packet expect(int type) throws InterruptedException {
        Packet packet = received();
        if (packet.type() != type) {
            throw new AssertionError("received " + packet + " instead of type " + type);
        }
        return packet;
    }

    void send(Change... lines) throws IOException {
        var bytes = ByteString.createBuilder();
        for (Change change : lines) {
            bytes.append(logData(change).encode());
        }
        write(bytes.result());
    }

    static Packet logData(Change change) {
        return new Packet(
                Packet.LOG,
                ByteString.createBuilder()
                        .putByte((byte) 0xFF)
                        .putLong(change.version(), ByteOrder.BIG_ENDIAN)
                        .putBytes(change.text().getBytes(StandardCharsets.ISO_8859_1))
                        .putByte((byte) 0)
                        .result());
    }

    void answer(Packet getVersion) throws IOException {
        send(new Packet(
                Packet.VERSION,
                getVersion.payload().concat(ByteString.fromArray(new byte[] {0, 3, 0, (byte) 0xEA, '3'}))));
    }

    void send(Packet packet) throws IOException {
        write(packet.encode());
    }

    private static void send(Socket socket, Packet packet) throws IOException {
        socket.getOutputStream().write(packet.encode().toArrayUnsafe());
    }

    void write(ByteString bytes) throws IOException {
        connected().getOutputStream().write(bytes.toArrayUnsafe());
    }

    /** As a killed process: everything unread is thrown away and the peer sees a reset. */
    void reset() throws IOException {
        connected().setSoLinger(true, 0);
        connected().close();
    }

    /** As a process that was killed when it had read everything: its kernel still delivers what it had sent. */
    void die() throws IOException {
        connected().close();
    }

    void hangUp() throws IOException {
        connected().shutdownOutput();
    }

    /** Whether the follower has closed its connection within the time. */
    boolean isLeft(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!connected().isClosed() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return connected().isClosed(); // by our own reader, at the end of the stream
    }

    private Socket connected() {
        if (follower == null) {
            throw new AssertionError("call follower() first");
        }
        return follower;
    }

    @Override
    public void close() throws IOException {
        changes.close();
        clients.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
