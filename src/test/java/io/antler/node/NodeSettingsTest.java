package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.antler.journal.NodeId;
import io.antler.node.NodeSettings.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
    private static final String GOOD = """
            antler.nodes = [
              { id = "n1", address = "10.0.0.1" }, { id = "n2", address = "10.0.0.2" }, { id = "n3", address = "10.0.0.3" }
            ]
            antler.node.id = n2
            antler.vip { address = "10.0.0.9/24", interface = eth0 }
            """;

    @Test
    void aShortConfigurationGetsTheDefaults() {
        NodeSettings settings = NodeSettings.from(config(GOOD));

        assertEquals(new Member(new NodeId("n2"), "10.0.0.2"), settings.self());
        assertEquals(
                List.of(9430, 9431, 9432),
                List.of(
                        settings.ports().raft(),
                        settings.ports().akka(),
                        settings.ports().http()));
        assertEquals(new NodeSettings.Vip("10.0.0.9/24", "eth0"), settings.vip());
        assertEquals(Path.of("/etc/mfs/mfsmaster.cfg"), settings.master().config());
        assertEquals(Duration.ofSeconds(2), settings.lease().length());
        assertEquals(new NodeSettings.ExitCodes(75, 78), settings.exitCodes());
        assertNull(settings.jmxPort());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void nothingSetNamesEveryKeyThatHasNoDefault() {
        List<String> problems = problems("");

        assertEquals(4, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("antler.nodes is empty"), problems.toString());
        assertTrue(problems.get(1).startsWith("antler.node.id has no value"), problems.toString());
        assertTrue(problems.get(2).startsWith("antler.vip.address has no value"), problems.toString());
        assertTrue(problems.get(3).startsWith("antler.vip.interface has no value"), problems.toString());
    }

    @Test
    void anIdThatIsNotListedIsRefusedWithTheListedOnes() {
        assertOneProblem(
                "antler.node.id = n7",
                "antler.node.id = \"n7\": not in antler.nodes, which has [n1, n2, n3]"
                        + "; a node that is to join, or only to log, needs antler.node.address instead");
    }

    @Test
    void aKindThatDoesNotExistIsRefused() {
        assertOneProblem(
                "antler.node.kind = arbiter",
                "antler.node.kind = \"arbiter\": allowed is member, witness or metalogger");
    }

    @Test
    void aWitnessNeedsNeitherAddressNorProgramOfAMaster() {
        NodeSettings settings = NodeSettings.from(config("""
                antler.nodes = [ { id = "n1", address = "10.0.0.1" }, { id = "n2", address = "10.0.0.2" } ]
                antler.node { id = n2, kind = witness }
                """));

        assertNull(settings.serving());
        assertTrue(settings.raft().own().votes());
    }

    @Test
    void aMetaloggerHasAnAddressOfItsOwnAndNoVote() {
        String logger = """
                antler.nodes = [ { id = "n1", address = "10.0.0.1" }, { id = "n2", address = "10.0.0.2" } ]
                antler.node { id = log1, kind = metalogger, address = "10.0.0.8" }
                """;

        NodeSettings settings = NodeSettings.from(config(logger));

        assertEquals(new Member(new NodeId("log1"), "10.0.0.8"), settings.self());
        assertEquals(2, settings.raft().members().size());
        assertTrue(!settings.raft().own().votes());
        List<String> listed = problems(logger + "antler.node { id = n2, address = null }");
        assertTrue(listed.getFirst().contains("must not have it"), listed::toString);
        List<String> twice = problems(logger + "antler.node.id = n1");
        assertTrue(twice.getFirst().contains("leave one of them out"), twice::toString);
    }

    @Test
    void aNodeThatJoinsMayBeLeftOutOfTheListOfTheOthers() {
        NodeSettings settings = NodeSettings.from(config(GOOD + """
                antler.node { id = n4, address = "10.0.0.4" }
                """)).asJoining();

        assertTrue(settings.raft().joining());
        assertEquals("10.0.0.4", settings.raft().own().host());
    }

    @Test
    void quorumIsNotPromisedYet() {
        assertOneProblem("antler.durability = quorum", "antler.durability = \"quorum\": allowed is only \"async\"");
    }

    @Test
    void twoNodesCannotShareAnIdOrAnAddress() {
        String twice = "antler.nodes = [ {id = n2, address = \"10.0.0.1\"}, {id = n2, address = \"10.0.0.1\"} ]";

        List<String> problems = problems(GOOD + twice);

        assertEquals(
                List.of(
                        "antler.nodes has the id n2 twice: each node needs its own",
                        "antler.nodes has the address 10.0.0.1 twice: each node needs its own"),
                problems);
    }

    @Test
    void aNodesAddressIsDigitsNotAName() {
        for (String address : List.of("host-a", "10.0.0", "10.0.0.256", "0.0.0.0", "224.0.0.1", "::1")) {
            assertOneProblem(
                    "antler.nodes = [ {id = n2, address = \"" + address + "\"} ]",
                    "address must be the node's own IPv4 address");
        }
    }

    @Test
    void aNodeHasAnIdAndAnAddressAndNothingElse() {
        assertOneProblem("antler.nodes = [ {id = n2, address = \"10.0.0.2\", weight = 3} ]", "exactly id and address");
        assertOneProblem("antler.nodes = [ n2 ]", "exactly id and address");
        assertOneProblem("antler.nodes = [ {id = \"N 2\", address = \"10.0.0.2\"} ]", "1 to 32 characters");
        assertOneProblem("antler.nodes = n2", "allowed is a list of nodes");
    }

    @Test
    void theVirtualIpIsAFreeAddressWithItsPrefixLength() {
        assertOneProblem("antler.vip.address = \"10.0.0.9\"", "with prefix length");
        assertOneProblem("antler.vip.address = \"10.0.0.9/33\"", "with prefix length");
        assertOneProblem("antler.vip.address = \"10.0.0.3/24\"", "this is a node's own address");
        assertOneProblem("antler.vip.interface = \"eth 0\"", "the name of a network interface");
    }

    @Test
    void aLeaseIsRenewedThreeTimesBeforeItEnds() {
        assertOneProblem(
                "antler.lease.renew-interval = 700 ms",
                "antler.lease.renew-interval = \"700 ms\": allowed is at most a third of antler.lease.length = \"2 s\"");
    }

    @Test
    void anElectionIsShorterThanTheLeaseAndThanAnAppendsTimeout() {
        assertOneProblem("antler.journal.election-timeout = 2 s", "allowed is less than antler.lease.length");
        assertOneProblem("antler.journal.timeout = 600 ms", "allowed is more than antler.journal.election-timeout");
        assertOneProblem("antler.journal.snapshot.interval = 10 ms", "a duration from 1000 ms");
        assertOneProblem("antler.journal.snapshot.after-bytes = 10 KiB", "a size from 1048576");
        assertOneProblem("antler.journal.snapshot.after-bytes = many", "a size from 1048576");
    }

    @Test
    void certificateKeyAndCaBelongTogether() {
        assertOneProblem("antler.tls.certificate = \"/n1.crt\"", "missing here: key, ca");
        assertOneProblem(
                "antler.tls { certificate = \"/n1.crt\", key = \"n1.key\", ca = \"/ca.crt\" }", "an absolute path");
    }

    @Test
    void silenceIsAtLeastThreeReports() {
        assertOneProblem("antler.leadership.silence = 500 ms", "allowed is at least three times");
    }

    @Test
    void portsKeepClearOfEachOtherAndOfTheMaster() {
        assertOneProblem("antler.ports.first = 9418", "9419 to 9421 are mfsmaster's");
        assertOneProblem("antler.jmx.port = 9431", "antler.jmx.port = 9431: taken by");
        assertOneProblem("antler.jmx.port = 70000", "a whole number from 1 to 65535");
        assertOneProblem("antler.ports.first = many", "antler.ports.first = \"many\": allowed is a whole number");
        assertEquals(
                9440, NodeSettings.from(config(GOOD + "antler.jmx.port = 9440")).jmxPort());
    }

    @Test
    void pathsAreAbsolute() {
        assertOneProblem("antler.node.data-dir = data", "antler.node.data-dir = \"data\": allowed is an absolute path");
    }

    @Test
    void everyProblemIsTold() {
        assertEquals(3, problems(GOOD + """
                antler.node.kind = arbiter
                antler.lease.length = soon
                antler.exit-code { restart = 7, unusable = 7 }
                """).size());
    }

    @Test
    void fewOrEvenNodesAreAllowedWithAWarning() {
        String two = "antler.nodes = [ {id = n1, address = \"10.0.0.1\"}, {id = n2, address = \"10.0.0.2\"} ]";

        NodeSettings settings = NodeSettings.from(config(GOOD + two));

        assertEquals(1, settings.warnings().size());
        assertTrue(settings.warnings().getFirst().startsWith("antler.nodes has two nodes: a majority is both"));
    }

    private static void assertOneProblem(String change, String expected) {
        List<String> problems = problems(GOOD + change);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.getFirst().contains(expected), problems.toString());
    }

    private static List<String> problems(String text) {
        return assertThrows(BadConfiguration.class, () -> NodeSettings.from(config(text)))
                .problems();
    }

    private static Config config(String text) {
        return ConfigFactory.load(ConfigFactory.parseString(text));
    }
}
