package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.antler.master.orphans.OrphanSet;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansCommandsTest {
    private static final OrphanSet SET =
            new OrphanSet("epoch-3-x", 3, "/d/epoch-3-x", 2, 120L, 121L, List.of("bad"), "2026-11-28T12:00:00Z", null);
    private static final String LINES = "120: 1|CREATE(1,a):5\n121: 1|CREATE(1,b):6\n";

    @TempDir
    private Path directory = Path.of("");

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> posted = new ArrayList<>();
    private int first;
    private String config = "";

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            first = Math.min(socket.getLocalPort(), 65_533);
        }
        Path exists = Files.writeString(directory.resolve("mfsmaster.cfg"), "");
        config = Files.writeString(directory.resolve("antler.conf"), """
                antler.nodes = [ { id = n1, address = "127.0.0.2" }, { id = n2, address = "127.0.0.3" } ]
                antler.node { id = n1, data-dir = "%s" }
                antler.vip { address = "127.0.0.9/8", interface = lo }
                antler.master { config = "%s", program = "/bin/sh" }
                antler.ports.first = %d
                """.formatted(directory, exists, first))
                .toString();
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private void serve(String address, Map<String, String> answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), first + 2), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST")) {
                posted.add(address + path);
            }
            byte[] body = answers.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answers.containsKey(path) ? 200 : 404, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    private void serveBoth() throws IOException {
        serve("127.0.0.2", Map.of("/antler/orphans", "[]\n"));
        serve(
                "127.0.0.3",
                Map.of(
                        "/antler/orphans",
                        OrphanSet.listToJson(List.of(SET)) + "\n",
                        "/antler/orphans/epoch-3-x/changes",
                        LINES,
                        "/antler/orphans/epoch-3-x/dismiss",
                        "Dismissed.\n"));
    }

    private Result orphans(String... words) {
        List<String> args = new ArrayList<>(List.of("orphans"));
        args.addAll(List.of(words));
        args.addAll(List.of("--config", config));
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Antler.run(
                new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 75, args.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    @Test
    void thoseOfAllNodesAreListed() throws IOException {
        serveBoth();

        assertEquals(new Result(0, """
                        NODE  ID         STATE  EPOCH  CHANGES  FIRST  LAST  UNREADABLE
                        n2    epoch-3-x  new        3        2    120   121           1
                        """, ""), orphans("list"));
        assertEquals(
                "[{\"node\":\"n2\"," + SET.toJson().substring(1) + "]\n",
                orphans("list", "--json").out());
    }

    @Test
    void aNodeThatIsSilentIsNamedAndTheCodeSaysSo() throws IOException {
        serve("127.0.0.2", Map.of("/antler/orphans", "[]\n"));

        Result result = orphans("list");

        assertEquals(3, result.code());
        assertEquals("no orphans\n", result.out());
        assertTrue(result.err().startsWith("antler: 127.0.0.3:"), result.err());
    }

    @Test
    void theyAreExplainedInWordsOrAsJsonLines() throws IOException {
        serveBoth();

        Result words = orphans("explain", "epoch-3-x");
        Result json = orphans("explain", "epoch-3-x", "--json");

        assertEquals("antler: bad\n", words.err());
        List<String> lines = words.out().lines().toList();
        assertEquals(2, lines.size(), words.out());
        assertTrue(lines.getFirst().startsWith("120  "), words.out());
        assertTrue(lines.getLast().startsWith("121  "), words.out());
        assertTrue(lines.getFirst().contains("CREATE"), words.out());
        assertTrue(json.out().startsWith("{\"version\":120,"), json.out());
        assertEquals(0, words.code());
        assertEquals(1, orphans("explain", "epoch-9-y").code());
    }

    @Test
    void theyAreExportedIntoAFileThatIsNotThereYet() throws IOException {
        serveBoth();
        Path to = directory.resolve("out.mfs");

        assertEquals(
                new Result(0, "2 changes, 120 to 121 in " + to + "\n", ""),
                orphans("export", "epoch-3-x", "--to", to.toString()));
        assertEquals(LINES, Files.readString(to));
        Result again = orphans("export", "epoch-3-x", "--to", to.toString());
        assertEquals(5, again.code());
        assertTrue(again.err().contains("exists already"), again.err());
        assertEquals(LINES, Files.readString(to));
    }

    @Test
    void whatNobodyHasIsNamed() throws IOException {
        serveBoth();
        Path to = directory.resolve("out.mfs");

        Result result = orphans("export", "epoch-9-y", "--to", to.toString());

        assertEquals(1, result.code());
        assertTrue(result.err().contains("epoch-9-y"), result.err());
        assertFalse(Files.exists(to));
    }

    @Test
    void theNodeThatHasThemIsAskedToDismissThem() throws IOException {
        serveBoth();

        assertEquals(new Result(0, "Dismissed.\n", ""), orphans("dismiss", "epoch-3-x"));
        assertEquals(List.of("127.0.0.3/antler/orphans/epoch-3-x/dismiss"), posted);
    }
}
