package io.antler.kernel;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends and receives whole ARP frames, Ethernet header included, on one interface. Needs CAP_NET_RAW. For one thread.
 */
public interface PacketSocket extends AutoCloseable {
    /** Opens one; what a test replaces. */
    @FunctionalInterface
    interface Opener {
        /** @param interfaceIndex the kernel's number of the interface, as {@code ip link} prints it */
        PacketSocket open(int interfaceIndex) throws IOException;
    }

    /** Sockets of the network namespace that the calling thread is in. */
    static Opener ofKernel() {
        return LinuxPacketSocket::open;
    }

    void send(byte[] frame) throws IOException;

    /** Frames that this socket sent itself do not come back. Empty when the time is over. */
    Optional<byte[]> receive(Duration timeout) throws IOException;

    @Override
    void close() throws IOException;
}
