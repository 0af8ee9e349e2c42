package io.antler.moosefs;

import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks a running master on its client port (9421) what it serves. Blocks: not for an actor's thread. */
public final class MasterProbe {
    private static final int ID_LENGTH = 21;
    private static final int[] INFO_LENGTHS = {149, 205
    }; // 3.0, 4.57: the version of the metadata stands elsewhere in each

    private MasterProbe() {}

    /**
     * @param metadataVersion number of the next change
     * @param saved when it last saved an image, on its own clock; 1970 if not since its start
     * @param id never {@link MetadataId#NONE} once a master serves
     */
    public record Answer(Release release, long metadataVersion, Instant saved, MetadataId id) {}

    /**
     * One connection, both questions; the version is read first.
     *
     * @param timeout for all of it; a master's loop may pause for seconds at the hourly save
     * @throws IOException if nothing listens, or no answer came in time, or one that cannot be understood
     */
    public static Answer ask(InetSocketAddress clientPort, Duration timeout) throws IOException {
        var deadline = new Deadline(System.nanoTime() + timeout.toNanos());
        try (Socket socket = new Socket()) {
            socket.connect(clientPort, deadline.millisLeft());
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(questions());
            return answer(socket, new PacketReader(socket.getInputStream()), deadline);
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "master at " + clientPort + " did not answer within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            throw new IOException(
                    "master at " + clientPort + " could not be asked for its version: " + e.getMessage(), e);
        }
    }

    private record Deadline(long nanos) {
        int millisLeft() throws SocketTimeoutException {
            long left = (nanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("deadline passed");
            }
            return (int) Math.min(left, Integer.MAX_VALUE);
        }
    }

    private static byte[] questions() {
        return Packet.of(Packet.INFO)
                .encode()
                .concat(Packet.of(Packet.MODULE_INFO).encode())
                .toArrayUnsafe();
    }

    private static Answer answer(Socket socket, PacketReader packets, Deadline deadline) throws IOException {
        @Nullable Packet info = null;
        while (true) {
            socket.setSoTimeout(deadline.millisLeft());
            Packet packet = packets.read();
            switch (packet.type()) {
                case Packet.INFO_ANSWER -> info = packet;
                case Packet.MODULE_INFO_ANSWER -> {
                    if (info == null) {
                        throw new BadPacket("answers came in another order than the questions");
                    }
                    return answer(info.payload(), packet.payload());
                }
                default -> {} // a NOP each second, and whatever else a master tells its clients
            }
        }
    }

    private static Answer answer(ByteString info, ByteString module) throws BadPacket {
        if (info.length() != INFO_LENGTHS[0] && info.length() != INFO_LENGTHS[1]) {
            throw new BadPacket("INFO answer with " + info.length() + " bytes: known are 149 (3.0) and 205 (4.57)");
        }
        if (module.length() != ID_LENGTH) {
            throw new BadPacket("MODULE_INFO answer with " + module.length() + " bytes: known is " + ID_LENGTH);
        }
        ByteBuffer bytes = info.asByteBuffer();
        boolean first = info.length() == INFO_LENGTHS[0];
        long version = bytes.getLong(first ? 121 : 125);
        long saved = Integer.toUnsignedLong(bytes.getInt(first ? 100 : 104));
        return new Answer(
                new Release(bytes.getInt(0)),
                version,
                Instant.ofEpochSecond(saved),
                new MetadataId(module.asByteBuffer().getLong(7)));
    }
}
