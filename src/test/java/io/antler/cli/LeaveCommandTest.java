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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command does around the restore; the whole way is LeaveSystemTest's. */
class LeaveCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> posted = new ArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private int first;
    private Path config = directory;
    private Path target = directory;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            first = Math.min(socket.getLocalPort(), 65_533);
        }
        target = directory.resolve("out");
        Path exports = Files.writeString(directory.resolve("mfsexports.cfg"), "* / rw\n");
        Path master = Files.writeString(directory.resolve("mfsmaster.cfg"), "EXPORTS_FILENAME = " + exports + "\n");
        config = Files.writeString(directory.resolve("antler.conf"), """
                antler.nodes = [ { id = n1, address = "127.0.0.2" } ]
                antler.node { id = n1, data-dir = "%s" }
                antler.vip { address = "127.0.0.9/8", interface = lo }
                antler.master { config = "%s", program = "/bin/sh" }
                antler.ports.first = %d
                """.formatted(directory, master, first));
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    /** @param states of the cluster, one look after the other; the last stays; null: it is not known */
    private void serve(ClusterStatus.@Nullable Leaving... states) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), first + 2), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = "done\n";
            if (exchange.getRequestMethod().equals("POST")) {
                posted.add(path);
            } else if (path.equals("/antler/cluster")) {
                var leaving = states[Math.min(looks.getAndIncrement(), states.length - 1)];
                body = new ClusterStatus(
                                3,
                                new NodeId("n1"),
                                "async",
                                null,
                                "00112233445566FF",
                                new ClusterStatus.Vip("10.0.0.9/24", null),
                                List.of(),
                                leaving)
                        .toJson();
            } else {
                body = "{\"journal\":false,\"checkpoints\":[],\"files\":[]}";
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    private Result leave(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] args = Stream.concat(Stream.of("leave", "--config", config.toString()), Arrays.stream(words))
                .toArray(String[]::new);
        int code = Antler.run(new PrintWriter(out, true), new PrintWriter(err, true), (_, _) -> 75, args);
        return new Result(code, out.toString(), err.toString());
    }

    @Test
    void whereToOrNotToLeaveMustBeSaid() {
        assertEquals(2, leave().code());
        assertEquals(2, leave("--cancel", "--to", target.toString()).code());
    }

    @Test
    void nothingIsBegunIfTheDirectoryExists() throws IOException {
        serve(new ClusterStatus.Leaving("2026-11-28T12:00:00Z", 7L));
        Files.createDirectory(target);

        Result result = leave("--to", target.toString());

        assertEquals(5, result.code());
        assertTrue(result.err().contains("exists already"), result.err());
        assertEquals(List.of(), posted);
    }

    @Test
    void theHandOverIsWaitedForAndWhatCannotBeMadeIsNamed() throws IOException {
        serve(
                new ClusterStatus.Leaving("2026-11-28T12:00:00Z", null),
                new ClusterStatus.Leaving("2026-11-28T12:00:00Z", 7L));

        Result result = leave("--to", target.toString());

        assertEquals(List.of("/antler/leave"), posted);
        assertEquals(2, looks.get());
        assertTrue(result.out().contains("handed over  version 7, metadata id 00112233445566FF\n"), result.out());
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("antler: There is no usable image"), result.err());
        assertFalse(Files.exists(target));
    }

    @Test
    void aLeaveThatIsCancelledMeanwhileEnds() throws IOException {
        serve(new ClusterStatus.Leaving("2026-11-28T12:00:00Z", null), null);

        Result result = leave("--to", target.toString());

        assertEquals(1, result.code());
        assertTrue(result.err().contains("--cancel was given meanwhile"), result.err());
    }

    @Test
    void cancellingAsksTheOwnNodeAndWarnsOfASecondMaster() throws IOException {
        serve((ClusterStatus.Leaving) null);

        Result result = leave("--cancel");

        assertEquals(0, result.code());
        assertEquals(List.of("/antler/leave/cancel"), posted);
        assertTrue(result.out().startsWith("done\nIf a stock master was started"), result.out());
    }
}
