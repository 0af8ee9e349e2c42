package io.antler.metalogger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.Release;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MasterProbeTest {
    @Test
    void versionAndIdAreRead() throws IOException {
        try (var master = new FakeMaster(1207)) {
            assertEquals(
                    new MasterProbe.Answer(new Release(0x000300EA), 1207, Instant.EPOCH, FakeMaster.ID),
                    MasterProbe.ask(master.clientPort(), Duration.ofSeconds(5)));
        }
    }

    @Test
    void aMasterThatOnlyAcceptsIsNoAnswer() throws IOException {
        try (var frozen = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(frozen.getInetAddress(), frozen.getLocalPort());

            var failure = assertThrows(IOException.class, () -> MasterProbe.ask(address, Duration.ofMillis(200)));

            assertTrue(failure.toString().contains("did not answer within 200 ms"), failure.toString());
        }
    }

    @Test
    void nobodyThereIsNamed() throws IOException {
        var master = new FakeMaster(1);
        var address = master.clientPort();
        master.close();

        var failure = assertThrows(IOException.class, () -> MasterProbe.ask(address, Duration.ofSeconds(5)));

        assertTrue(failure.toString().contains(address.toString()), failure.toString());
    }
}
