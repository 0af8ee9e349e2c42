package io.antler.moosefs;

import akka.util.ByteString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes packets out of a stream of bytes, many with one read. For one thread. */
public final class PacketReader {
    private static final int INITIAL_SIZE = 256 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[INITIAL_SIZE];
    private int start;
    private int end;

    public PacketReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next packet.
     *
     * @throws BadPacket if its header announces more than {@link Packet#MAX_LENGTH}
     * @throws EOFException if the peer closed the connection
     */
    public Packet read() throws IOException {
        Packet packet;
        while ((packet = buffered()) == null) {
            fill();
        }
        return packet;
    }

    /** The next packet if it is already here; null instead of waiting. */
    public @Nullable Packet poll() throws IOException {
        Packet packet;
        while ((packet = buffered()) == null && in.available() > 0) {
            fill();
        }
        return packet;
    }

    private @Nullable Packet buffered() throws BadPacket {
        if (end - start < Packet.HEADER) {
            return null;
        }
        var bytes = ByteBuffer.wrap(buffer, start, end - start);
        int type = bytes.getInt();
        int length = bytes.getInt();
        if (Integer.compareUnsigned(length, Packet.MAX_LENGTH) > 0) {
            throw new BadPacket("packet of type " + Integer.toUnsignedString(type) + " announces "
                    + Integer.toUnsignedString(length) + " bytes, at most " + Packet.MAX_LENGTH
                    + " are allowed: is there a MooseFS master at the other end?");
        }
        if (bytes.remaining() < length) {
            return null;
        }
        int payload = start + Packet.HEADER;
        start = payload + length;
        return new Packet(type, ByteString.fromArray(buffer, payload, length));
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, Packet.HEADER + Packet.MAX_LENGTH));
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw new EOFException("the peer closed the connection" + (end == 0 ? "" : " in the middle of a packet"));
        }
        end += count;
    }
}
