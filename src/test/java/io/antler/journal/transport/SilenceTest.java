package io.antler.journal.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two peers on a network that fails. */
class SilenceTest {
    private final FaultyNetwork network = new FaultyNetwork(1);
    private final TestPeer n1 = peer(1);
    private final TestPeer n2 = peer(2);

    private TestPeer peer(int number) {
        var address = new InetSocketAddress("10.0.0." + number, 9430);
        return TestPeer.open("n" + number, address, network.at(address));
    }

    @AfterEach
    void close() {
        n1.close();
        n2.close();
        network.close();
    }

    @Test
    void aPeerIsDeadAfterThreePingsWithoutAnythingHeard() {
        var silence = new Silence();
        silence.tick();
        silence.tick();

        silence.heard();

        List<Boolean> dead = Stream.generate(silence::tick).limit(4).toList();
        assertEquals(List.of(false, false, false, true), dead);
    }

    @Test
    void aPeerThatDoesNotAnswerAnyMoreIsNoticedAndWhatIsUnderWayFails() {
        n2.answer = new CompletableFuture<>();
        n2.echo = false;
        n1.connect(n2);
        var underWay = n1.call(n2, new byte[1]);
        network.cut(n2.address, n1.address);

        var failure = assertThrows(ExecutionException.class, underWay::get);

        assertTrue(String.valueOf(failure.getMessage()).contains("silent"), failure.getMessage());
        assertFalse(n1.to(n2).ready());
    }

    @Test
    void aConnectionWithoutTrafficStays() throws Exception {
        n1.connect(n2);
        int asked = n2.asked.get();

        Thread.sleep(TestPeer.PING.multipliedBy(12)); // what is to be shown is that nothing happens

        assertEquals(asked, n2.asked.get());
        assertTrue(n1.to(n2).ready());
    }

    @Test
    void aNetworkThatHealsIsUsedWithoutAnybodyAsking() {
        n1.connect(n2);
        network.cut(n1.address, n2.address);
        Await.until("noticed", () -> !n1.to(n2).ready());

        network.heal();

        Await.until("connected again", () -> n1.to(n2).ready());
    }

    @Test
    void bothSidesEndTheConnection() {
        n1.connect(n2);
        network.cut(n1.address, n2.address);
        network.cut(n2.address, n1.address);

        Await.until("both noticed", () -> !n1.to(n2).ready() && n2.transport.sessionCount() == 0);
    }

    @Test
    void whatIsLostOnTheWayFailsInItsTimeAndTheRestGoesOn() throws Exception {
        n1.connect(n2);
        network.faults(new FaultyNetwork.Faults(0.2, 0.2, 0.2, Duration.ofMillis(1), Duration.ofMillis(5)));
        int answered = 0;
        for (int i = 0; i < 40; i++) {
            var answer = n1.transport.call(n2.address, new byte[] {(byte) i}, Duration.ofMillis(200));
            try {
                assertArrayEquals(new byte[] {(byte) i}, answer.get());
                answered++;
            } catch (ExecutionException e) {
                Await.until("connected", () -> n1.to(n2).ready());
            }
        }
        assertTrue(answered > 5, answered + " of 40");
    }
}
