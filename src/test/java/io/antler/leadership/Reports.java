package io.antler.leadership;

import io.antler.journal.Epoch;
import io.antler.journal.Member;
import io.antler.journal.NodeId;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What nodes say in the tests of this package. Leadership itself is on the first node. */
final class Reports {
    static final NodeId A = new NodeId("n1");
    static final NodeId B = new NodeId("n2");
    static final NodeId C = new NodeId("n3");

    static final LeadershipSettings SETTINGS = new LeadershipSettings(
            A,
            List.of(A, B, C),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            10_000,
            Duration.ofSeconds(5));

    static final List<Member> MEMBERS =
            List.of(member(A, 1, Member.Kind.VOTER), member(B, 2, Member.Kind.VOTER), member(C, 3, Member.Kind.VOTER));

    private Reports() {}

    static Member member(NodeId node, int last, Member.Kind kind) {
        return new Member(node, new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + last), 9430), kind);
    }

    static Standing standby(NodeId node, long version) {
        return new Standing(node, Phase.STANDBY, Epoch.NONE, version, version, true, null);
    }

    static Standing loading(NodeId node) {
        return new Standing(node, Phase.LOADING, Epoch.NONE, -1, 7, true, null);
    }

    static Standing serving(NodeId node, long epoch, long version) {
        return acting(node, Phase.SERVING, epoch, version);
    }

    static Standing acting(NodeId node, Phase phase, long epoch, long version) {
        return new Standing(node, phase, new Epoch(epoch), version, version, true, null);
    }
}
