package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.antler.journal.NodeId;
import io.antler.monitor.ClusterStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AntlerTest {
    private static final NodeId A = new NodeId("n1");
    private static final NodeId B = new NodeId("node-two");
    private static final ClusterStatus CLUSTER = new ClusterStatus(
            12,
            A,
            "async",
            "raft=plain akka=plain http=plain",
            "00112233445566FF",
            new ClusterStatus.Vip("10.0.0.9/24", A),
            List.of(
                    new ClusterStatus.Row(
                            A,
                            "10.0.0.1",
                            "master",
                            null,
                            12L,
                            120_007L,
                            120_007L,
                            0L,
                            true,
                            List.of(),
                            new TreeMap<>(
                                    Map.of("mfsexports.cfg", "0123456789ab", "mfsmaster", "3.0.117-1", "push", "3"))),
                    new ClusterStatus.Row(
                            B,
                            "10.0.0.2",
                            "standby",
                            "hot",
                            12L,
                            120_007L,
                            120_000L,
                            7L,
                            true,
                            List.of("disk-low: make room"),
                            new TreeMap<>()),
                    ClusterStatus.Row.down(new NodeId("n3"), "10.0.0.3", false)),
            null);

    private record Result(int code, String out, String err) {}

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Path file;

    AntlerTest(@TempDir Path directory) {
        file = directory.resolve("antler.conf");
    }

    @AfterEach
    void stopServers() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void theClusterIsATableForPeople() throws IOException {
        int port = serve("127.0.0.2", 0, 200, CLUSTER.toJson());

        Result result = antler("list", "--node", "127.0.0.2:" + port);

        assertEquals("""
                master       n1, epoch 12
                virtual IP   10.0.0.9/24 on n1
                durability   async
                security     raft=plain akka=plain http=plain
                metadata id  00112233445566FF

                NODE      ADDRESS   VOTES  ROLE     STANDBY  CONFIG        EPOCH  JOURNALED  REPLAYED  LAG
                n1        10.0.0.1  yes    master   -        4280424d765c     12     120007    120007    0
                node-two  10.0.0.2  yes    standby  hot      -                12     120007    120000    7
                n3        10.0.0.3  no     down     -        -                 -          -         -    -

                alarm on node-two: disk-low: make room
                """, result.out());
        assertEquals(0, result.code());
    }

    @Test
    void theClusterIsJsonForPrograms() throws IOException {
        int port = serve("127.0.0.2", 0, 200, CLUSTER.toJson());

        assertEquals(
                CLUSTER.toJson() + "\n",
                antler("list", "--json", "--node", "127.0.0.2:" + port).out());
    }

    @Test
    void beforeAdoptionTheTableSaysWhatIsNext() throws IOException {
        var empty = new ClusterStatus(
                0, null, "async", null, null, new ClusterStatus.Vip("10.0.0.9/24", null), List.of(), null);
        int port = serve("127.0.0.2", 0, 200, empty.toJson());

        String out = antler("list", "--node", "127.0.0.2:" + port).out();

        assertTrue(out.startsWith("master       none: nothing adopted yet, see antler adopt --help\n"), out);
        assertTrue(out.contains("10.0.0.9/24 on no node\n"), out);
    }

    @Test
    void withAConfigurationEveryNodeIsAskedUntilOneAnswers() throws IOException {
        int first = freePorts();
        serve("127.0.0.3", first + 2, 200, CLUSTER.toJson());
        configure(first);

        Result result = antler("list", "--json", "--config", file.toString());

        assertEquals(0, result.code(), result.err());
        assertEquals(CLUSTER.toJson() + "\n", result.out());
    }

    @Test
    void ifNoNodeAnswersEachOneIsNamed() throws IOException {
        int first = freePorts();
        configure(first);

        Result result = antler("list", "--config", file.toString());

        assertEquals(1, result.code());
        assertEquals(
                "antler: 127.0.0.2:%1$d does not answer. Is antler node running there? | 127.0.0.3:%1$d does not answer. Is antler node running there?\n"
                        .formatted(first + 2),
                result.err());
    }

    @Test
    void aNodeThatDoesNotKnowSaysWhy() throws IOException {
        int port = serve("127.0.0.2", 0, 503, "no majority: 1 of 3 nodes\n");

        Result result = antler("list", "--node", "127.0.0.2:" + port);

        assertEquals(
                "antler: 127.0.0.2:" + port + " does not know the cluster: no majority: 1 of 3 nodes\n", result.err());
        assertEquals(1, result.code());
    }

    @Test
    void anotherServersAnswerIsNotTakenForANodes() throws IOException {
        int port = serve("127.0.0.2", 0, 200, "<html>");

        assertTrue(antler("list", "--node", "127.0.0.2:" + port).err().contains("Is this its HTTP port"));
    }

    @Test
    void listNeedsToKnowWhomToAsk() {
        assertEquals(2, antler("list").code());
        assertEquals(2, antler("list", "--node", "10.0.0.1", "--config", "x").code());
        assertEquals(1, antler("list", "--node", "a b").code());
    }

    @Test
    void adoptAsksTheOwnNodeAndTellsItsAnswer() throws IOException {
        int first = freePorts();
        serve("127.0.0.2", first + 2, 200, "Adopted version 1200.\n");
        configure(first);

        Result result = antler("adopt", "--config", file.toString());

        assertEquals(new Result(0, "Adopted version 1200.\n", ""), result);
        assertEquals(List.of("POST /antler/adopt"), asked);
    }

    @Test
    void aRefusedAdoptionIsOneLine() throws IOException {
        int first = freePorts();
        serve("127.0.0.2", first + 2, 409, "Not adopting: the journal has epoch 3.\nUse antler list.\n");
        configure(first);

        Result result = antler("adopt", "--config", file.toString());

        assertEquals(new Result(1, "", "antler: Not adopting: the journal has epoch 3. Use antler list.\n"), result);
    }

    @Test
    void aNodeWithABadConfigurationDoesNotStart() throws IOException {
        Files.writeString(file, "antler.node.kind = arbiter\n");

        Result result = antler("node", "--config", file.toString());

        assertEquals(78, result.code());
        assertEquals(5, result.err().lines().count(), result.err());
        assertFalse(result.err().contains("Exception"), result.err());
    }

    @Test
    void aNodeOnAMachineThatLacksSomethingDoesNotStart() throws IOException {
        configure(freePorts());
        Files.writeString(file, Files.readString(file) + "antler.master.program = /nonexistent\n");

        Result result = antler("node", "--config", file.toString());

        assertEquals(78, result.code());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void aNodeThatCanStartRunsAndItsExitCodeIsTheCommands() throws IOException {
        configure(freePorts());

        Result result = antler("node", "--config", file.toString());

        assertEquals(75, result.code(), result.err());
        assertEquals(1, result.err().lines().count(), result.err()); // two nodes: a warning
    }

    @Test
    void aMistypedCommandShowsHowItIsUsed() {
        assertEquals(2, antler().code());
        assertEquals(2, antler("lst").code());
        assertEquals(2, antler("node").code());
        assertTrue(antler("--version").out().startsWith("antler "));
        assertTrue(antler("list", "--help").out().contains("ADDRESS[:PORT]"));
    }

    private static Result antler(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Antler.run(new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 75, args);
        return new Result(code, out.toString(), err.toString());
    }

    private void configure(int firstPort) throws IOException {
        Path exists = Files.writeString(file.resolveSibling("mfsmaster.cfg"), "");
        Files.writeString(file, """
                antler.nodes = [ { id = n1, address = "127.0.0.2" }, { id = n2, address = "127.0.0.3" } ]
                antler.node { id = n1, data-dir = "%s" }
                antler.vip { address = "127.0.0.9/8", interface = lo }
                antler.master { config = "%s", program = "/bin/sh" }
                antler.ports.first = %d
                """.formatted(file.getParent(), exists, firstPort));
    }

    private int serve(String address, int port, int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    /** The first of three that were free a moment ago. */
    private static int freePorts() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            return Math.min(socket.getLocalPort(), 65_533);
        }
    }
}
