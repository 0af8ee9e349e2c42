package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.transport.Security;
import io.antler.lab.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/how-to/secure-the-cluster.md, as they stand there. */
class SecureClusterPageTest {
    private static final Path PAGE = Path.of("docs/how-to/secure-the-cluster.md");

    @Test
    void theCertificatesMadeThereAreGoodForAGroup(@TempDir Path directory) throws Exception {
        List<String> commands = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("openssl "))
                .toList();
        assertEquals(3, commands.size(), commands.toString());
        run(commands.getFirst(), directory);
        Map<NodeId, InetSocketAddress> members = new TreeMap<>();
        for (int i = 1; i <= 3; i++) {
            String node = "n" + i;
            for (String command : commands.subList(1, 3)) {
                run(command.replace("n1", node).replace("10.0.0.1", "10.0.0." + i), directory);
            }
            members.put(new NodeId(node), TestGroup.freeAddress());
        }

        List<RaftGroup> group = new ArrayList<>();
        try {
            for (NodeId node : members.keySet()) {
                group.add(RaftGroup.start(settings(node, members, directory, node)));
            }
            for (int i = 0; i < group.size(); i++) {
                Await.of(group.get(i).append("tls" + i, Epoch.NONE, 1, List.of(TestGroup.event("a"))));
            }
            assertEquals("tls", group.getFirst().security().word());
        } finally {
            group.forEach(RaftGroup::close);
        }
    }

    @Test
    void aNodeWithTheCertificateOfAnotherOneDoesNotStart(@TempDir Path directory) throws Exception {
        for (String command : Files.readAllLines(PAGE)) {
            if (command.startsWith("openssl ")) {
                run(command, directory);
            }
        }
        var members = Map.of(new NodeId("n1"), TestGroup.freeAddress(), new NodeId("n2"), TestGroup.freeAddress());

        var problem = assertThrows(
                JournalUnusable.class,
                () -> RaftGroup.start(settings(new NodeId("n2"), members, directory, new NodeId("n1"))));

        assertTrue(String.valueOf(problem.getMessage()).contains("n1.crt"), problem.getMessage());
        assertTrue(String.valueOf(problem.getMessage()).contains("not n2"), problem.getMessage());
    }

    private static RaftSettings settings(
            NodeId node, Map<NodeId, InetSocketAddress> members, Path directory, NodeId certificate) {
        return new RaftSettings(
                node,
                members,
                directory.resolve("data-" + node),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                new Security.MutualTls(
                        directory.resolve(certificate + ".crt"),
                        directory.resolve(certificate + ".key"),
                        directory.resolve("ca.crt")));
    }

    private static void run(String command, Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), command + ": " + Files.readString(output));
    }
}
