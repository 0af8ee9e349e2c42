package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/** {@link PacketSocket} by the kernel: packet(7). */
final class LinuxPacketSocket implements PacketSocket {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final short ETH_P_ARP = 0x0806;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;
    private static final int MAX_FRAME_BYTES = 2048;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int EAGAIN = 11;

    private static final MethodHandle SOCKET =
            CLibrary.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            CLibrary.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            CLibrary.function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            CLibrary.function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle POLL =
            CLibrary.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private final int fd;

    private LinuxPacketSocket(int fd) {
        this.fd = fd;
    }

    /** Protocol 0 until it is bound: before that it would receive from every interface. */
    static PacketSocket open(int interfaceIndex) throws IOException {
        int fd = (int) CLibrary.call("socket(AF_PACKET) (needs CAP_NET_RAW: run as root)", state ->
                (int) SOCKET.invokeExact(state, AF_PACKET, SOCK_RAW_CLOEXEC, 0));
        LinuxPacketSocket socket = new LinuxPacketSocket(fd);
        try {
            socket.bind(interfaceIndex);
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** {@code struct sockaddr_ll}: family, protocol in network order, interface; the rest is zero. */
    private void bind(int interfaceIndex) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 4);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 2, ETH_P_ARP);
            address.set(JAVA_INT, 4, interfaceIndex);
            CLibrary.call("bind(AF_PACKET, interface " + interfaceIndex + ")", state ->
                    (int) BIND.invokeExact(state, fd, address, SOCKADDR_LL_BYTES));
        }
    }

    @Override
    public void send(byte[] frame) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, frame);
            CLibrary.call(
                    "send(AF_PACKET)", state -> (long) SEND.invokeExact(state, fd, bytes, (long) frame.length, 0));
        }
    }

    @Override
    public Optional<byte[]> receive(Duration timeout) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(8, 4); // struct pollfd
            polled.set(JAVA_INT, 0, fd);
            polled.set(JAVA_SHORT, 4, POLLIN);
            int millis = Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE);
            if (CLibrary.call("poll", state -> (int) POLL.invokeExact(state, polled, 1L, millis)) == 0) {
                return Optional.empty();
            }
            MemorySegment frame = arena.allocate(MAX_FRAME_BYTES);
            long length = CLibrary.call("recv(AF_PACKET)", state ->
                    (long) RECV.invokeExact(state, fd, frame, (long) MAX_FRAME_BYTES, MSG_DONTWAIT));
            return Optional.of(frame.asSlice(0, length).toArray(JAVA_BYTE));
        } catch (KernelRefused refused) {
            if (refused.errno() == EAGAIN) { // what poll saw was dropped
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public void close() throws IOException {
        FileHandle.close(fd);
    }
}
