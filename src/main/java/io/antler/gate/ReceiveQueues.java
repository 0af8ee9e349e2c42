package io.antler.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the kernel has received for local TCP ports and their program has not read yet. At a hand-over: shut the door, wait
 * until these are empty, then send a barrier; everything that ever got in is then before the barrier's answer.
 *
 * @see <a href="https://docs.kernel.org/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
public final class ReceiveQueues {
    private static final Path TCP = Path.of("/proc/net/tcp"); // IPv4 only, as are the sockets of mfsmaster
    private static final String LISTEN = "0A"; // there the number counts connections, not bytes

    private ReceiveQueues() {}

    public static boolean empty(Set<Integer> ports) throws IOException {
        return empty(TCP, ports);
    }

    /** @param tcp {@code /proc/PID/net/tcp} of a process in another network namespace */
    static boolean empty(Path tcp, Set<Integer> ports) throws IOException {
        try (Stream<String> lines = Files.lines(tcp)) {
            return lines.skip(1).noneMatch(line -> unread(line.strip().split("\\s+", 6), ports));
        }
    }

    /** {@code sl local_address remote_address state tx_queue:rx_queue …}, all numbers hexadecimal. */
    private static boolean unread(String[] fields, Set<Integer> ports) {
        String local = fields[1];
        String queues = fields[4];
        int port = Integer.parseInt(local, local.indexOf(':') + 1, local.length(), 16);
        return ports.contains(port)
                && !fields[3].equals(LISTEN)
                && Long.parseLong(queues, queues.indexOf(':') + 1, queues.length(), 16) != 0;
    }
}
