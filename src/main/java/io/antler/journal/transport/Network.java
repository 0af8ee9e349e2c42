package io.antler.journal.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** One peer's access to a network that carries whole frames, in order. {@link TcpNetwork} is the real one. */
public interface Network extends AutoCloseable {
    /**
     * Accepts wires until the result is closed.
     *
     * @param accept makes the receiver of a wire from this address, or refuses it; on a thread of the network
     * @throws IOException if the address cannot be listened on
     */
    Closeable listen(InetSocketAddress at, Function<InetSocketAddress, Optional<Wire.Receiver>> accept)
            throws IOException;

    /**
     * Returns at once. The receiver is told {@link Wire.Receiver#opened} and later {@link Wire.Receiver#ended}, or only the
     * latter.
     *
     * @param timeout for reaching the address, not for what is said then
     */
    void connect(InetSocketAddress to, Duration timeout, Wire.Receiver receiver);

    /** Ends every wire and gives up every address. */
    @Override
    void close();
}
