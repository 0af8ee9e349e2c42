package io.antler.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.antler.lab.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class NftDoorSystemTest {
    private static final int PORT = 9421;
    private static final String ADDRESS = "10.78.0.1";

    private final NetworkNamespace master = new NetworkNamespace("vip-door-m");
    private final NetworkNamespace client = new NetworkNamespace("vip-door-c");
    private final Door door = new NftDoor(master.entering(), Set.of(9419, 9420, PORT), Runnable::run);
    private Process listener;
    private EchoClient outside;

    @BeforeEach
    void listen() throws Exception {
        master.cable("dm", client, "dc");
        master.run("ip address add " + ADDRESS + "/24 dev dm");
        client.run("ip address add 10.78.0.2/24 dev dc");
        listener = EchoMain.start(master, "listen", "0.0.0.0", PORT);
        assertEquals("listening", listener.inputReader().readLine());
        outside = new EchoClient(EchoMain.start(client, "talk", ADDRESS, PORT));
    }

    @AfterEach
    void end() throws Exception {
        outside.close();
        listener.destroyForcibly().waitFor();
        master.close();
        client.close();
    }

    @Test
    void aShutDoorStopsNewAndEstablishedConnectionsButNotLoopback() throws Exception {
        assertEquals("1", outside.say("1"));

        await(door.shut());
        await(door.shut());

        outside.send("2");
        assertFalse(outside.heardWithin(Duration.ofMillis(600)), "an established connection passes");
        assertFalse(canConnect(client, ADDRESS), "a new connection passes");
        assertTrue(canConnect(master, "127.0.0.1"), "loopback does not pass");
        assertTrue(canConnect(master, ADDRESS), "the own address, which is loopback too, does not pass");

        await(door.open());
        await(door.open());

        assertEquals("2", outside.hear()); // TCP has sent it again: nothing was lost
        assertTrue(canConnect(client, ADDRESS));
    }

    @Test
    void removeLeavesNothingAndALeftoverIsRecognised() throws Exception {
        await(door.shut());
        Door ofNextProcess = new NftDoor(master.entering(), Set.of(PORT), Runnable::run);

        assertTrue(await(ofNextProcess.removeLeftover()));
        assertFalse(await(ofNextProcess.removeLeftover()));

        await(door.open());
        master.run("nft add table ip of_somebody_else");
        await(door.remove());
        await(door.remove());
        assertEquals("table ip of_somebody_else", master.run("nft list tables"));
        assertTrue(canConnect(client, ADDRESS));
    }

    @Test
    void withoutTheRightsOrTheProgramTheMessageSaysWhatIsNeeded() {
        Door weak = new NftDoor(List.of("setpriv", "--bounding-set=-net_admin"), Set.of(PORT), Runnable::run);
        Door missing = new NftDoor(List.of("env", "PATH=/nowhere"), Set.of(PORT), Runnable::run);

        for (Door door : List.of(weak, missing)) {
            var failure = assertThrows(CompletionException.class, () -> await(door.shut()));
            var unusable = assertInstanceOf(DoorUnusable.class, failure.getCause());
            String message = String.valueOf(unusable.getMessage());
            assertTrue(message.startsWith("The door before the ports [9421] could not be shut: "), message);
            assertTrue(message.contains("package nftables"), message);
        }
    }

    private static boolean canConnect(NetworkNamespace from, String address) throws Exception {
        try (var talker = new EchoClient(EchoMain.start(from, "talk", address, PORT))) {
            talker.send("hello");
            return talker.heardWithin(Duration.ofSeconds(3));
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** One connection, held by a process in a namespace. */
    private record EchoClient(Process process, BufferedReader heard) implements AutoCloseable {
        EchoClient(Process process) {
            this(process, process.inputReader());
        }

        void send(String line) throws IOException {
            process.outputWriter().append(line).append('\n').flush();
        }

        String say(String line) throws IOException {
            send(line);
            return hear();
        }

        String hear() throws IOException {
            return heard.readLine();
        }

        boolean heardWithin(Duration time) throws Exception {
            return Await.holdsWithin(time, heard::ready);
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
