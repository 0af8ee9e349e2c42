package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.AdmissionRule.Knowledge;
import io.antler.journal.Members.Enlisted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdmissionRuleTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final UUID CLUSTER = new UUID(0, 1);
    private static final UUID OTHER_CLUSTER = new UUID(0, 2);
    private static final UUID LIFE = new UUID(1, 1);
    private static final UUID OTHER_LIFE = new UUID(1, 2);
    private static final long NOW = 20;

    private static Hello own(long revision) {
        return new Hello(Optional.of(CLUSTER), N1, new UUID(9, 9), Member.Kind.VOTER, false, revision);
    }

    private static Hello n2(UUID cluster, UUID incarnation, boolean asking, long revision) {
        return new Hello(Optional.of(cluster), N2, incarnation, Member.Kind.VOTER, asking, revision);
    }

    private static Enlisted recorded(boolean dismissed) {
        var address = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 9430);
        return new Enlisted(new Member(N2, address, Member.Kind.VOTER), LIFE, dismissed, NOW);
    }

    private static Knowledge knowing(Enlisted recorded) {
        return new Knowledge(own(NOW), Optional.of(recorded), Optional.empty(), false);
    }

    private static Knowledge knowingNothing(long revision, boolean founding) {
        return new Knowledge(own(revision), Optional.empty(), Optional.empty(), founding);
    }

    private static void assertRefused(String hint, Optional<String> refusal) {
        assertTrue(refusal.orElse("admitted").contains(hint), () -> refusal + " without " + hint);
    }

    @Test
    void aMemberIsAdmitted() {
        assertEquals(Optional.empty(), AdmissionRule.refusal(knowing(recorded(false)), n2(CLUSTER, LIFE, false, NOW)));
    }

    @Test
    void whoeverIsOfAnotherClusterIsRefusedWhateverElseIsKnown() {
        assertRefused("cluster", AdmissionRule.refusal(knowing(recorded(false)), n2(OTHER_CLUSTER, LIFE, false, 99)));
        assertRefused("cluster", AdmissionRule.refusal(knowingNothing(0, true), n2(OTHER_CLUSTER, LIFE, true, 0)));
    }

    @Test
    void aDirectoryThatForgotWhatItPromisedIsRefused() {
        assertRefused(
                "antler node --join",
                AdmissionRule.refusal(knowing(recorded(false)), n2(CLUSTER, OTHER_LIFE, false, 0)));
        var founding = new Hello(Optional.empty(), N2, OTHER_LIFE, Member.Kind.VOTER, false, 0);
        assertRefused("antler node --join", AdmissionRule.refusal(knowing(recorded(false)), founding));
    }

    @Test
    void whoeverOnlyAsksIsHeard() {
        assertEquals(
                Optional.empty(), AdmissionRule.refusal(knowing(recorded(false)), n2(CLUSTER, OTHER_LIFE, true, 0)));
        assertEquals(Optional.empty(), AdmissionRule.refusal(knowingNothing(NOW, false), n2(CLUSTER, LIFE, true, 0)));
    }

    @Test
    void aRemovedNodeIsRefused() {
        assertRefused("was removed", AdmissionRule.refusal(knowing(recorded(true)), n2(CLUSTER, LIFE, false, NOW)));
    }

    @Test
    void anUnknownNodeIsRefusedUnlessTheGroupIsBeingFounded() {
        Hello stranger = n2(CLUSTER, LIFE, false, 0);

        assertRefused("not a member", AdmissionRule.refusal(knowingNothing(NOW, false), stranger));
        assertEquals(Optional.empty(), AdmissionRule.refusal(knowingNothing(NOW, true), stranger));
        assertEquals(Optional.empty(), AdmissionRule.refusal(knowingNothing(0, false), stranger));
    }

    @Test
    void aReplicaThatIsBehindAdmitsWhoeverKnowsMore() {
        assertEquals(
                Optional.empty(),
                AdmissionRule.refusal(knowing(recorded(false)), n2(CLUSTER, OTHER_LIFE, false, NOW + 1)));
        assertEquals(
                Optional.empty(), AdmissionRule.refusal(knowingNothing(NOW, false), n2(CLUSTER, LIFE, false, NOW + 1)));
    }

    @Test
    void anotherNodeThanTheOneCalledIsRefused() {
        var called = new Knowledge(own(NOW), Optional.of(recorded(false)), Optional.of(new NodeId("n3")), false);

        assertRefused("n2 answers where n3 should be", AdmissionRule.refusal(called, n2(CLUSTER, LIFE, false, NOW)));
    }

    @Test
    void anotherNodeWithTheSameNameIsRefused() {
        var twin = new Hello(Optional.of(CLUSTER), N1, OTHER_LIFE, Member.Kind.VOTER, false, 0);

        assertRefused("another node n1", AdmissionRule.refusal(knowingNothing(0, true), twin));
    }

    @Test
    void aGreetingComesBackAsItWas() {
        Hello hello = n2(CLUSTER, LIFE, true, 7);

        assertEquals(hello, Hello.decode(hello.encoded()));
    }
}
