package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.transport.Security;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final UUID CLUSTER = new UUID(1, 2);

    @TempDir
    Path directory = Path.of("");

    private static InetSocketAddress address(int last) {
        return new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + last), 9430);
    }

    private RaftSettings settings(Member own, boolean joining) {
        return new RaftSettings(
                own,
                Map.of(N1, address(1), N2, address(2)),
                directory,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                new Security.Plain(),
                joining);
    }

    private RaftSettings founder() {
        return settings(new Member(N1, address(1), Member.Kind.VOTER), false);
    }

    @Test
    void aNewDirectoryMayFoundAndKeepsItsIncarnation() {
        Identity first = Identity.claim(founder());
        Identity again = Identity.claim(founder());

        assertEquals(Identity.State.FOUNDING, first.state());
        assertEquals(first.incarnation(), again.incarnation());
        assertEquals(Optional.empty(), again.cluster());
    }

    @Test
    void whoeverJoinsAsksFirstAlsoWhenStartedAgainWithoutTheFlag() {
        Member fourth = new Member(new NodeId("n4"), address(4), Member.Kind.VOTER);
        assertEquals(
                Identity.State.ASKING, Identity.claim(settings(fourth, true)).state());

        Identity.claim(settings(fourth, true)).enlisted(CLUSTER);

        assertEquals(
                Identity.State.ENLISTED, Identity.claim(settings(fourth, true)).state());
        assertEquals(
                Optional.of(CLUSTER), Identity.claim(settings(fourth, true)).cluster());
    }

    @Test
    void aNodeThatIsNotOfTheFoundersIsToldToJoin() {
        assertRefused(
                "antler node --join", settings(new Member(new NodeId("n4"), address(4), Member.Kind.VOTER), false));
    }

    @Test
    void aLearnerNeverFounds() {
        var learner = new Member(new NodeId("log1"), address(9), Member.Kind.LEARNER);

        assertEquals(
                Identity.State.ASKING, Identity.claim(settings(learner, false)).state());
    }

    @Test
    void joiningWithTheDirectoryOfAMemberChangesNothing() {
        Identity.claim(founder()).enlisted(CLUSTER);

        Identity joining = Identity.claim(settings(new Member(N1, address(1), Member.Kind.VOTER), true));

        assertEquals(Identity.State.ENLISTED, joining.state());
    }

    @Test
    void theDirectoryOfARemovedNodeIsRefused() {
        Identity.claim(founder()).removed();

        assertRefused("was removed", founder());
    }

    /** Its directory has JRaft's own file of term and vote, which is not read. */
    @Test
    void theFileOfABuildBeforeTheFirstReleaseIsRefused() throws IOException {
        String text = "format 1\nnode n1\nmembers n1=10.0.0.1:9430 n7=10.0.0.7:9430\n";
        Files.writeString(directory.resolve("identity"), text);

        assertRefused("adopt the file system again", founder());
        assertEquals(text, Files.readString(directory.resolve("identity")));
    }

    @Test
    void anotherNameAddressOrKindIsRefusedWithWhatToDo() throws IOException {
        Identity.claim(founder());

        assertRefused("antler.node.id", settings(new Member(N2, address(2), Member.Kind.VOTER), false));
        assertRefused("antler.nodes", settings(new Member(N1, address(3), Member.Kind.VOTER), false));
        assertRefused("antler.node.kind", settings(new Member(N1, address(1), Member.Kind.LEARNER), false));
    }

    @Test
    void aDamagedOrNewerFileIsRefused() throws IOException {
        Identity.claim(founder());
        String text = Files.readString(directory.resolve("identity"));

        Files.writeString(directory.resolve("identity"), text.replace("state founding", "state fo\0nding"));
        assertRefused("is damaged", founder());
        Files.writeString(directory.resolve("identity"), text.replace("format 2", "format 3"));
        assertRefused("Install the release", founder());
    }

    private static void assertRefused(String hint, RaftSettings settings) {
        var refused = assertThrows(JournalUnusable.class, () -> Identity.claim(settings));

        assertTrue(String.valueOf(refused.getMessage()).contains(hint), refused.getMessage());
    }
}
