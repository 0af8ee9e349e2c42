package io.antler.kernel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Remembers what was sent, gives what was put in. Time never passes: with nothing to give, a receive ends at once. */
public final class FakePacketSocket implements PacketSocket {
    public final List<byte[]> sent = new ArrayList<>();
    public final Queue<byte[]> coming = new ArrayDeque<>();
    public int opened;
    public int closed;

    /** Always this socket. */
    public Opener opener() {
        return _ -> {
            opened++;
            return this;
        };
    }

    @Override
    public void send(byte[] frame) {
        sent.add(frame);
    }

    @Override
    public Optional<byte[]> receive(Duration timeout) {
        return Optional.ofNullable(coming.poll());
    }

    @Override
    public void close() {
        closed++;
    }
}
