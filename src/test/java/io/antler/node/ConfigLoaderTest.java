package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String GOOD = """
            antler.nodes = [ { id = "n1", address = "127.0.0.2" } ]
            antler.node.id = n1
            antler.vip { address = "127.0.0.9/8", interface = lo }
            """;

    private final Path file;

    ConfigLoaderTest(@TempDir Path directory) {
        file = directory.resolve("antler.conf");
    }

    @Test
    void theFileIsMergedWithTheDefaults() throws IOException {
        Files.writeString(file, GOOD + "antler.lease.length = 3 s");

        ConfigLoader.Loaded loaded = ConfigLoader.load(file);

        assertEquals("n1", loaded.settings().self().id().value());
        assertEquals(3_000, loaded.settings().lease().length().toMillis());
        assertEquals(
                400, loaded.config().getDuration("antler.lease.renew-interval").toMillis());
        assertTrue(loaded.config().hasPath("akka.cluster"));
    }

    @Test
    void theFileMayUseItsOwnAndTheDefaultsValues() throws IOException {
        Files.writeString(file, GOOD + "antler.jmx.port = ${antler.ports.first}");

        assertTrue(
                problems().getFirst().startsWith("antler.jmx.port = 9430"),
                problems().toString());
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestKnownOne() throws IOException {
        Files.writeString(file, GOOD + "antler.node.dataDir = /srv/antler\nantler.colour = red\nnode.id = n1\n");

        List<String> problems = problems();

        assertEquals(3, problems.size(), problems.toString());
        assertTrue(
                problems.contains(
                        "Unknown key antler.node.dataDir (" + file + ":4): did you mean antler.node.data-dir?"),
                problems.toString());
        assertTrue(
                problems.contains(
                        "Unknown key antler.colour (" + file + ":5): docs/reference/configuration.md lists the keys"),
                problems.toString());
        assertTrue(
                problems.contains("Unknown block node (" + file
                        + ":6): only antler (and akka, for settings of the library) are read"),
                problems.toString());
    }

    @Test
    void aBlockIsNotAValue() throws IOException {
        Files.writeString(file, GOOD + "antler.jmx = 9440\n");

        assertEquals(
                "antler.jmx = 9440 (" + file + ":4): this is a block with the keys port",
                problems().getFirst());
    }

    @Test
    void badValuesAndUnknownKeysAreToldTogether() throws IOException {
        Files.writeString(file, GOOD + "antler.node.kind = arbiter\nantler.port.first = 1\n");

        assertEquals(2, problems().size());
    }

    @Test
    void aSyntaxErrorIsToldWithItsLine() throws IOException {
        Files.writeString(file, GOOD + "antler.node { id = \n");

        assertTrue(
                problems().getFirst().startsWith("Cannot read the configuration. " + file + ": "),
                problems().toString());
    }

    @Test
    void aMissingFileSaysWhatToDo() {
        assertEquals(
                "Cannot read the configuration " + file
                        + ": no such file. Name the node's file with --config FILE; conf/antler.conf is a commented example",
                problems().getFirst());
    }

    @Test
    void anUnresolvedSubstitutionIsToldWithItsLine() throws IOException {
        Files.writeString(file, GOOD + "antler.jmx.port = ${nowhere}\n");

        assertTrue(problems().getFirst().contains(file + ": 4"), problems().toString());
    }

    @Test
    void whatTheMachineLacksIsToldWithWhatItHas() throws IOException {
        Files.writeString(file, GOOD + """
                antler.vip.interface = nosuch0
                antler.master { program = /nonexistent/mfsmaster, config = /nonexistent/mfsmaster.cfg }
                """);

        List<String> problems = Machine.problems(ConfigLoader.load(file).settings());

        assertEquals(3, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("Install the package moosefs-master"), problems.toString());
        assertTrue(
                problems.get(1).contains("antler.master.config = /nonexistent/mfsmaster.cfg: no such file"),
                problems.toString());
        assertTrue(problems.get(2).contains("nosuch0: no such interface. This machine has ["), problems.toString());
    }

    private List<String> problems() {
        return assertThrows(BadConfiguration.class, () -> ConfigLoader.load(file))
                .problems();
    }
}
