package io.antler.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.kernel.TcpTable;
import io.antler.lab.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiveQueuesTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @Test
    void waitingConnectionsOfAListenerAndBytesOfOtherPortsDoNotCount(@TempDir Path directory) throws Exception {
        Path tcp = Files.writeString(
                directory.resolve("tcp"),
                HEADER
                        + "   0: 00000000:24CD 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 1\n"
                        + "   1: 0100007F:24CC 0100007F:8D2A 01 00000000:00000007 00:00000000 00000000     0        0 2\n"
                        + "   2: 0100007F:24CD 0100007F:8D2B 01 00000009:00000000 00:00000000 00000000     0        0 3\n");

        assertTrue(ReceiveQueues.empty(TcpTable.read(tcp), Set.of(9421)));
        assertFalse(ReceiveQueues.empty(TcpTable.read(tcp), Set.of(9420, 9421)));
    }

    @Test
    void bytesThatTheProgramHasNotReadAreSeenUntilItReadsThem() throws Exception {
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.INET); // as mfsmaster: not in tcp6
                var peer = SocketChannel.open(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var address = (InetSocketAddress) listener.getLocalAddress();
            peer.connect(address);
            SocketChannel accepted = listener.accept();
            Set<Integer> ports = Set.of(address.getPort());
            assertTrue(ReceiveQueues.empty(ports));

            peer.write(ByteBuffer.allocate(100));

            Await.until(Duration.ofSeconds(5), "100 bytes wait", () -> !ReceiveQueues.empty(ports));
            assertEquals(100, accepted.read(ByteBuffer.allocate(200)));
            assertTrue(ReceiveQueues.empty(ports));
            accepted.close();
        }
    }
}
