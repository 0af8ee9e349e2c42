package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The commands of docs/how-to/adopt-a-moosefs.md, as they stand there, with a MooseFS that has run before and has data. */
@SystemTest
class AdoptSystemTest extends InLab {
    private static final Path PAGE = Path.of("docs/how-to/adopt-a-moosefs.md");
    private static final Pattern COMMAND = Pattern.compile("\\s+(n1|n2, n3): (.+)");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String ADDRESS = Cluster.ADDRESS;

    private final List<Host> hosts =
            IntStream.rangeClosed(1, 3).mapToObj(n -> lab.host("n" + n, n)).toList();
    private final List<AntlerNode> nodes = AntlerNode.configure(hosts, ADDRESS);
    private final Program old = BareMaster.start(hosts.getFirst(), ADDRESS);

    private AntlerNode first() {
        return nodes.getFirst();
    }

    @Test
    void aRunningMooseFsComesUnderAntlerWithItsData() throws Exception {
        ChunkServer.start(lab.host("c1", 21), ADDRESS);
        ChunkServer.start(lab.host("c2", 22), ADDRESS);
        Path mount =
                Mount.start(lab.host("client", 31), "mnt", ADDRESS).awaitSpace().path();
        DataFiles before = DataFiles.write(mount.resolve("before"), 5);
        StringBuilder said = new StringBuilder();

        int commands = 0;
        for (String line : Files.readAllLines(PAGE)) {
            Matcher command = COMMAND.matcher(line);
            if (command.matches()) {
                commands++;
                follow(command.group(1), command.group(2), said);
            }
        }

        assertEquals(7, commands);
        String review = said.toString();
        for (String expected : List.of(
                "ok       this machine has what node n1 needs",
                "ok       3 of 3 nodes, counting this one",
                "runs on " + hosts.getFirst().directory().resolve("mfs") + ": stop it cleanly when you adopt",
                "ok       it serves metadata id ",
                "and its configuration are the same on n2, n3",
                "to do    " + ADDRESS + " is an address of this machine (eth0)",
                "already connected by " + ADDRESS
                        + ": chunkserver 10.77.0.21, chunkserver 10.77.0.22, mount 10.77.0.31",
                "result   ready, but for what is to do",
                "Adopted: metadata id ")) {
            assertTrue(review.contains(expected), () -> expected + " is not in\n" + review);
        }
        Await.until(LIMIT, "master and standbys", () -> nodes.getLast()
                .status()
                .filter(status -> status.serving() && status.hotStandbys() == 2)
                .isPresent());
        assertEquals(List.of(), before.verify(mount.resolve("before")));
        DataFiles after = DataFiles.write(mount.resolve("after"), 2);
        assertEquals(List.of(), after.verify(mount.resolve("after")));
    }

    private void follow(String where, String command, StringBuilder said) throws IOException {
        switch (command) {
            case "bin/antler node --config FILE" -> {
                List<AntlerNode> started = where.equals("n1") ? List.of(first()) : nodes.subList(1, 3);
                started.forEach(AntlerNode::start);
                int expected = where.equals("n1") ? 3 : 2;
                Await.until(LIMIT, expected + " nodes", () -> nodes.getLast()
                        .status()
                        .filter(status -> status.joined() == expected)
                        .isPresent());
            }
            case "systemctl disable --now moosefs-master" -> { // the lab has no systemd
                first().host().processes("mfsmaster").forEach(ProcessHandle::destroy);
                old.awaitExit(LIMIT);
            }
            case "ip address del 10.0.0.9/24 dev eth0" ->
                first().host().run(words(command.replace("10.0.0.9", ADDRESS)));
            default -> said.append(first().run(command).orThrow());
        }
    }

    private static String[] words(String command) {
        return command.split(" ");
    }

    @Test
    void aReviewFindsWhatWouldGoWrong() throws Exception {
        Path exports = nodes.get(1).host().directory().resolve("mfsexports.cfg");
        Files.writeString(exports, "* / ro\n");
        nodes.get(1).start();
        nodes.get(2).start();
        Await.until(LIMIT, "their configuration is known", () -> nodes.getLast()
                .status()
                .filter(status -> status.joined() == 2)
                .isPresent());
        hosts.getFirst().run("ip", "address", "add", "10.77.0.98/24", "dev", "eth0");
        Mount.start(lab.host("client", 31), "mnt", "10.77.0.98");

        Await.until(LIMIT, "all is told", () -> first().run("bin/antler adopt --dry-run --config FILE")
                .output()
                .contains("mfsexports.cfg is "));
        Shell.Result review = first().run("bin/antler adopt --dry-run --config FILE");

        assertEquals(1, review.exitCode());
        String said = review.output();
        assertTrue(
                Pattern.compile("PROBLEM  mfsexports.cfg is \\w+ here and \\w+ on n2")
                        .matcher(said)
                        .find(),
                said);
        assertFalse(said.contains("on n3: it must be the same"), said);
        assertTrue(said.contains("must become " + ADDRESS + " for: mount 10.77.0.31 (by 10.77.0.98)"), said);
        assertTrue(said.contains("result   do not adopt yet"), said);
    }
}
