package io.antler.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The IPv4 sockets of a network namespace.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
public final class TcpTable {
    private static final Path OWN = Path.of("/proc/net/tcp");
    private static final String LISTEN = "0A";
    private static final String ESTABLISHED = "01";

    private TcpTable() {}

    /**
     * One socket.
     *
     * @param unread bytes received that the program has not read; of a listening one connections it has not accepted
     */
    public record Socket(
            InetSocketAddress local, InetSocketAddress remote, boolean listening, boolean established, long unread) {}

    public static List<Socket> read() throws IOException {
        return read(OWN);
    }

    /** @param file {@code /proc/PID/net/tcp} of a process in another network namespace */
    public static List<Socket> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.skip(1).map(TcpTable::parse).toList();
        }
    }

    /** {@code sl local_address remote_address state tx_queue:rx_queue …}, all numbers hexadecimal. */
    private static Socket parse(String line) {
        String[] fields = line.strip().split("\\s+", 6);
        String queues = fields[4];
        return new Socket(
                address(fields[1]),
                address(fields[2]),
                fields[3].equals(LISTEN),
                fields[3].equals(ESTABLISHED),
                Long.parseLong(queues, queues.indexOf(':') + 1, queues.length(), 16));
    }

    /** The four bytes stand as a number of this machine, which is little-endian on all that Java 25 runs on but s390x. */
    private static InetSocketAddress address(String text) {
        int bits = Integer.reverseBytes(Integer.parseUnsignedInt(text, 0, 8, 16));
        byte[] bytes = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(text, 9, 13, 16));
        } catch (UnknownHostException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
