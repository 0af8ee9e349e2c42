package io.antler.metalogger;

import io.antler.moosefs.BadPacket;
import io.antler.moosefs.Bisection;
import io.antler.moosefs.Packet;
import io.antler.moosefs.PacketReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32;

/**
 * The files that a running master gives at its metalogger port: its last saved image and its two newest changelog files, which
 * belong together. Each block has its checksum. Blocks; for one thread.
 *
 * <p>First {@link #image}, which opens all three; then, each once, {@link #previousChanges} and {@link #currentChanges}.
 */
public final class MasterFiles implements Closeable {
    private static final int IMAGE = 1;
    private static final int CURRENT_CHANGES = 11;
    private static final int PREVIOUS_CHANGES = 12;
    private static final int BLOCK = 1_000_000;

    private final Socket socket;
    private final PacketReader packets;
    private final OutputStream out;

    private MasterFiles(Socket socket) throws IOException {
        this.socket = socket;
        this.packets = new PacketReader(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** @param timeout for each answer */
    public static MasterFiles open(InetSocketAddress master, Duration timeout) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(master, (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            return new MasterFiles(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException("no connection to the master at " + master + ": " + e.getMessage(), e);
        }
    }

    /**
     * The last saved image, at most one save interval old.
     *
     * @throws NoImage if the master has none now
     */
    public RemoteFile image() throws IOException {
        Packet info = start(IMAGE);
        if (info.payload().length() == 1) {
            throw new NoImage(
                    "the master has no metadata.mfs.back to give; it writes one at its next full hour, or at a"
                            + " clean stop and start");
        }
        return file(info, "the image");
    }

    /** {@code changelog.1.mfs} as it was when the image was asked for; empty if there is none. */
    public RemoteFile previousChanges() throws IOException {
        return file(start(PREVIOUS_CHANGES), "changelog.1.mfs");
    }

    /** {@code changelog.0.mfs}, to its end of now; the last lines may still be on their way to it. */
    public RemoteFile currentChanges() throws IOException {
        return file(start(CURRENT_CHANGES), "changelog.0.mfs");
    }

    private Packet start(int file) throws IOException {
        send(Packet.downloadStart(file));
        return answer(Packet.DOWNLOAD_INFO);
    }

    private RemoteFile file(Packet info, String name) throws BadPacket {
        if (info.payload().length() != 8 || info.payload().asByteBuffer().getLong() < 0) {
            throw new BadPacket("DOWNLOAD_INFO with " + info.payload().length() + " bytes, or a negative size");
        }
        return new RemoteFile(info.payload().asByteBuffer().getLong(), name);
    }

    /** A file of the master, until another one is asked for. */
    public final class RemoteFile {
        private final long size;
        private final String name;

        private RemoteFile(long size, String name) {
            this.size = size;
            this.name = name;
        }

        public long size() {
            return size;
        }

        public String name() {
            return name;
        }

        /** All of it. {@code file} is replaced; it is forced to the disk by whoever publishes it. */
        public void copyTo(Path file) throws IOException {
            long free = Files.getFileStore(DurableFile.directoryOf(file)).getUsableSpace();
            if (free < size) {
                throw new IOException(name + " of the master has " + size + " bytes, the disk of " + file + " only "
                        + free + " free");
            }
            try (FileChannel channel = FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream target = Channels.newOutputStream(channel);
                    InputStream source = from(0)) {
                source.transferTo(target);
            }
            send(Packet.of(Packet.DOWNLOAD_END));
        }

        /** From that byte to the end. */
        public InputStream from(long offset) {
            return new Blocks(offset);
        }

        /** As {@link Bisection#offsetOf}. */
        public long offsetOf(long version) throws IOException {
            return Bisection.offsetOf(this::block, size, BLOCK, version, name + " of the master");
        }

        private byte[] block(long offset, int length) throws IOException {
            send(Packet.downloadRequest(offset, length));
            return MasterFiles.block(answer(Packet.DOWNLOAD_DATA), offset, length, name);
        }

        /** One block at a time. */
        private final class Blocks extends InputStream {
            private ByteBuffer block = ByteBuffer.allocate(0);
            private long offset;

            Blocks(long offset) {
                this.offset = offset;
            }

            @Override
            public int read() throws IOException {
                return fill() ? block.get() & 0xFF : -1;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                if (!fill()) {
                    return -1;
                }
                int count = Math.min(length, block.remaining());
                block.get(target, from, count);
                return count;
            }

            private boolean fill() throws IOException {
                if (!block.hasRemaining() && offset < size) {
                    int length = (int) Math.min(BLOCK, size - offset);
                    block = ByteBuffer.wrap(block(offset, length));
                    offset += length;
                }
                return block.hasRemaining();
            }
        }
    }

    private static byte[] block(Packet data, long offset, int length, String name) throws BadPacket {
        if (data.payload().length() != 16 + length) {
            throw new BadPacket(
                    "DOWNLOAD_DATA with " + data.payload().length() + " bytes, " + (16 + length) + " expected");
        }
        ByteBuffer bytes = data.payload().asByteBuffer();
        if (bytes.getLong() != offset || bytes.getInt() != length) {
            throw new BadPacket("DOWNLOAD_DATA for another block than the one at " + offset);
        }
        int crc = bytes.getInt();
        byte[] block = new byte[length];
        bytes.get(block);
        var computed = new CRC32();
        computed.update(block);
        if ((int) computed.getValue() != crc) {
            throw new BadPacket("checksum of " + name + "'s block at " + offset + " is wrong; download it again");
        }
        return block;
    }

    private void send(Packet packet) throws IOException {
        out.write(packet.encode().toArrayUnsafe());
    }

    /** A master may put other packets between. */
    private Packet answer(int type) throws IOException {
        Packet packet = packets.read();
        while (packet.type() != type) {
            packet = packets.read();
        }
        return packet;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
