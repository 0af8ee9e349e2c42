package io.antler.metalogger;

import akka.util.ByteString;
import io.antler.moosefs.MasterPacket;
import io.antler.moosefs.Packet;
import io.antler.moosefs.PacketReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a master's metalogger port. Two threads of its own read and write; others take what was read and give
 * what is to be written. After a second in which there was nothing to write, a NOP is.
 *
 * <p>It reads ahead on purpose, up to {@link #READ_AHEAD}. When a master is killed, its kernel still delivers what the dead
 * process had sent, but only until we write to it: the first byte, a NOP, is answered by a reset that throws away what is
 * not yet on our side. Without reading ahead that is all beyond the receive window, 128 kB; what is on our side survives.
 */
final class MasterConnection implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterConnection.class);

    /** Bytes, each packet counted with {@link #OVERHEAD}. Then the socket is not read until some are taken. */
    private static final int READ_AHEAD = 8 * 1024 * 1024;

    private static final int OVERHEAD = 128;

    private sealed interface Incoming {
        record Received(MasterPacket packet, int cost) implements Incoming {}

        record End(IOException reason) implements Incoming {}
    }

    private final Socket socket;
    private final PacketReader packets;
    private final BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(READ_AHEAD);
    private final BlockingQueue<Packet> outgoing = new LinkedBlockingQueue<>();
    private final Thread receiver;
    private final Thread sender;
    private Duration timeout; // of the receiver

    private MasterConnection(Socket socket, Duration timeout) throws IOException {
        this.socket = socket;
        this.timeout = timeout;
        this.packets = new PacketReader(socket.getInputStream());
        this.receiver = thread("antler-metalogger-receiver", this::receiveAll);
        this.sender = thread("antler-metalogger-sender", this::sendAll);
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    static MasterConnection open(InetSocketAddress master, Duration timeout) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(master, (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            var connection = new MasterConnection(socket, timeout);
            connection.receiver.start();
            connection.sender.start();
            return connection;
        } catch (IOException e) {
            socket.close();
            throw new IOException("no connection to the master at " + master + ": " + e.getMessage(), e);
        }
    }

    void send(Packet packet) {
        outgoing.add(packet);
    }

    /** Waits; an IOException after silence of more than the timeout, or when all that came before the end is taken. */
    MasterPacket read() throws IOException, InterruptedException {
        return packet(incoming.take());
    }

    /** Null instead of waiting. */
    @Nullable
    MasterPacket poll() throws IOException {
        Incoming next = incoming.poll();
        return next == null ? null : packet(next);
    }

    private MasterPacket packet(Incoming next) throws IOException {
        return switch (next) {
            case Incoming.Received(MasterPacket packet, int cost) -> {
                room.release(cost);
                yield packet;
            }
            case Incoming.End end -> throw end.reason();
        };
    }

    private void receiveAll() {
        try {
            while (true) {
                Packet packet = packets.read();
                int cost = packet.payload().length() + OVERHEAD;
                var parsed = MasterPacket.parse(packet);
                if (parsed instanceof MasterPacket.ForceTimeout force) {
                    timeout = Duration.ofSeconds(Math.max(10, force.seconds()));
                    socket.setSoTimeout((int) timeout.toMillis());
                }
                room.acquire(cost);
                incoming.add(new Incoming.Received(parsed, cost));
            }
        } catch (SocketTimeoutException e) {
            end(new IOException("the master was silent for more than " + timeout.toSeconds() + " s", e));
        } catch (IOException e) {
            end(e);
        } catch (InterruptedException e) {
            end(new IOException("closed by ourselves", e));
        } catch (RuntimeException | Error e) {
            end(new IOException("reading from the master broke: " + e, e)); // else the reader would wait for ever
        }
    }

    private void end(IOException reason) {
        incoming.add(new Incoming.End(reason));
    }

    private void sendAll() {
        try {
            var out = socket.getOutputStream();
            while (true) {
                Packet first = outgoing.poll(1, TimeUnit.SECONDS);
                ByteString bytes = (first == null ? Packet.nop() : first).encode();
                for (Packet next = outgoing.poll(); next != null; next = outgoing.poll()) {
                    bytes = bytes.concat(next.encode());
                }
                out.write(bytes.toArrayUnsafe());
            }
        } catch (IOException e) {
            LOG.debug("nothing can be sent to the master any more; the reading side finds out what happened", e);
        } catch (InterruptedException e) {
            LOG.debug("connection to the master closed by ourselves", e);
        }
    }

    @Override
    public void close() throws IOException {
        receiver.interrupt();
        sender.interrupt();
        socket.close();
    }
}
