package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.util.ByteString;
import io.antler.moosefs.BadImage;
import io.antler.moosefs.BadPacket;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.Packet;
import io.antler.moosefs.TestImage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDownloadTest {
    private final FakeMaster master;
    private final Path target;

    ImageDownloadTest(@TempDir Path directory) throws IOException {
        master = new FakeMaster(1);
        target = Files.writeString(directory.resolve("metadata.mfs"), "what was there");
    }

    @AfterEach
    void nothingElseIsLeft() throws IOException {
        master.close();
        assertFalse(Files.exists(target.resolveSibling("metadata.mfs.tmp")));
    }

    private CompletableFuture<ImageHeader> fetch() throws InterruptedException {
        var header = CompletableFuture.supplyAsync(() -> {
            try {
                return ImageDownload.fetch(master.changesPort(), target, Duration.ofSeconds(5));
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        master.follower();
        return header;
    }

    private void serve(byte[] image, boolean rightChecksum) throws Exception {
        assertEquals(Packet.downloadStart(1), master.received());
        master.send(FakeMaster.logData(new Change(7, "1|IDLE()"))); // may come between
        master.send(new Packet(
                Packet.DOWNLOAD_INFO,
                ByteString.createBuilder()
                        .putLong(image.length, ByteOrder.BIG_ENDIAN)
                        .result()));
        Packet packet = master.received();
        while (packet.type() == Packet.DOWNLOAD_REQUEST) {
            ByteBuffer request = packet.payload().asByteBuffer();
            int offset = (int) request.getLong();
            byte[] block = Arrays.copyOfRange(image, offset, offset + request.getInt());
            var crc = new CRC32();
            crc.update(block);
            master.send(Packet.nop());
            master.send(new Packet(
                    Packet.DOWNLOAD_DATA,
                    packet.payload()
                            .concat(ByteString.createBuilder()
                                    .putInt((int) crc.getValue() + (rightChecksum ? 0 : 1), ByteOrder.BIG_ENDIAN)
                                    .putBytes(block)
                                    .result())));
            if (!rightChecksum) {
                return;
            }
            packet = master.received();
        }
        assertEquals(Packet.DOWNLOAD_END, packet.type());
    }

    private <T extends Throwable> void assertFails(Class<T> with, CompletableFuture<ImageHeader> fetch)
            throws IOException {
        var failure = assertThrows(CompletionException.class, fetch::join);
        assertEquals(
                with, failure.getCause() == null ? null : failure.getCause().getClass(), failure::toString);
        assertEquals("what was there", Files.readString(target));
    }

    @Test
    void anImageOfSeveralBlocksArrivesWhole() throws Exception {
        byte[] image = TestImage.of(1207, FakeMaster.ID, 2_345_678);
        var fetch = fetch();

        serve(image, true);

        assertEquals(new ImageHeader(1207, FakeMaster.ID, false, 0x15), fetch.join());
        assertArrayEquals(image, Files.readAllBytes(target));
    }

    @Test
    void aMasterWithoutImageIsNamed() throws Exception {
        var fetch = fetch();

        master.expect(Packet.DOWNLOAD_START);
        master.send(new Packet(Packet.DOWNLOAD_INFO, ByteString.fromArray(new byte[] {(byte) 0xFF})));

        assertFails(NoImage.class, fetch);
    }

    @Test
    void whatIsDamagedOrNoImageDoesNotReplaceWhatIsThere() throws Exception {
        var damaged = fetch();
        serve(TestImage.of(1207, FakeMaster.ID, 50), false);
        assertFails(BadPacket.class, damaged);

        var text = fetch();
        serve("not an image at all, but some text".getBytes(StandardCharsets.US_ASCII), true);
        assertFails(BadImage.class, text);
    }

    @Test
    void aMasterThatSaysNothingIsNotWaitedForForEver() throws Exception {
        assertFails(SocketTimeoutException.class, fetch());
    }
}
