package io.antler.gate;

import io.antler.kernel.TcpTable;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What the kernel has received for local TCP ports and their program has not read yet. At a hand-over: shut the door, wait
 * until these are empty, then send a barrier; everything that ever got in is then before the barrier's answer.
 */
public final class ReceiveQueues {
    private ReceiveQueues() {}

    public static boolean empty(Set<Integer> ports) throws IOException {
        return empty(TcpTable.read(), ports);
    }

    static boolean empty(List<TcpTable.Socket> sockets, Set<Integer> ports) {
        return sockets.stream()
                .filter(socket -> !socket.listening())
                .filter(socket -> ports.contains(socket.local().getPort()))
                .allMatch(socket -> socket.unread() == 0);
    }
}
