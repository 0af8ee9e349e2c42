package io.antler.metalogger;

import io.antler.moosefs.BadPacket;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.Packet;
import io.antler.moosefs.PacketReader;
import java.io.IOException;
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

/** Fetches the last saved image of a running master from its metalogger port. Blocks: not for an actor's thread. */
public final class ImageDownload {
    private static final int IMAGE = 1;
    private static final int BLOCK = 1_000_000;

    private final PacketReader packets;
    private final OutputStream out;

    private ImageDownload(Socket socket) throws IOException {
        this.packets = new PacketReader(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * The file appears under its name only when it is complete, verified and on disk; it replaces one that is there.
     *
     * @param timeout for each answer
     * @return the version is at most one save interval old
     * @throws NoImage if the master has none now
     * @throws io.antler.moosefs.BadImage if what it sent is none
     */
    public static ImageHeader fetch(InetSocketAddress master, Path target, Duration timeout) throws IOException {
        Path beside = DurableFile.beside(target);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(master, (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            new ImageDownload(socket).into(beside);
            ImageHeader header = ImageHeader.read(beside);
            DurableFile.publish(beside, target);
            return header;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private void into(Path file) throws IOException {
        send(Packet.downloadStart(IMAGE));
        long size = size(answer(Packet.DOWNLOAD_INFO));
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream image = Channels.newOutputStream(channel)) {
            for (long offset = 0; offset < size; offset += BLOCK) {
                int length = (int) Math.min(BLOCK, size - offset);
                send(Packet.downloadRequest(offset, length));
                image.write(block(answer(Packet.DOWNLOAD_DATA), offset, length));
            }
        }
        send(Packet.of(Packet.DOWNLOAD_END));
    }

    private static long size(Packet info) throws IOException {
        if (info.payload().length() == 1) {
            throw new NoImage(
                    "the master has no metadata.mfs.back to give; it writes one at its next full hour, or at a"
                            + " clean stop and start");
        }
        if (info.payload().length() != 8 || info.payload().asByteBuffer().getLong() < 0) {
            throw new BadPacket("DOWNLOAD_INFO with " + info.payload().length() + " bytes, or a negative size");
        }
        return info.payload().asByteBuffer().getLong();
    }

    private static byte[] block(Packet data, long offset, int length) throws IOException {
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
            throw new BadPacket("checksum of the image's block at " + offset + " is wrong; download it again");
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
}
