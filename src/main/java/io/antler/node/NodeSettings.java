package io.antler.node;

import com.typesafe.config.Config;
import io.antler.journal.DiskSettings;
import io.antler.journal.LeaseTerms;
import io.antler.journal.NodeId;
import io.antler.journal.RaftSettings;
import io.antler.journal.transport.Security;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node reads from its configuration, checked once at start.
 *
 * @param nodes the voting nodes that found the cluster, or whom a node asks that joins it, in the order of the file
 * @param serving null for a node that never becomes master
 * @param jmxPort null: no JMX over the network
 * @param joining this start asks a running cluster to take the node in
 * @param givenDirectories whose images and changelogs are given over HTTP to whoever restores
 * @param security of what nodes say to each other by Raft and Akka; HTTP is always plain
 */
public record NodeSettings(
        List<Member> nodes,
        Member self,
        NodeKind kind,
        Path dataDir,
        Ports ports,
        @Nullable Serving serving,
        String durability,
        LeaseTerms lease,
        Leadership leadership,
        Journal journal,
        @Nullable Integer jmxPort,
        ExitCodes exitCodes,
        boolean joining,
        List<Path> givenDirectories,
        Security security) {
    public NodeSettings {
        nodes = List.copyOf(nodes);
        givenDirectories = List.copyOf(givenDirectories);
    }

    /** @param address IPv4 address in digits */
    public record Member(NodeId id, String address) {}

    /** Three TCP ports in a row, the same on every node. */
    public record Ports(int first) {
        public int raft() {
            return first;
        }

        public int akka() {
            return first + 1;
        }

        public int http() {
            return first + 2;
        }
    }

    /** What a node needs that can become master. */
    public record Serving(Vip vip, Master master) {}

    /**
     * @param address with prefix length, like {@code 10.0.0.9/24}
     * @param device name of the network interface that gets it
     */
    public record Vip(String address, String device) {}

    /**
     * @param config the operator's {@code mfsmaster.cfg}
     * @param program the stock {@code mfsmaster}
     */
    public record Master(Path config, Path program, Duration promotionTimeout) {}

    public record Leadership(Duration reportInterval, Duration silence, Duration settle) {}

    public record Journal(
            Duration timeout, Duration electionTimeout, RaftSettings.Snapshots snapshots, DiskSettings disk) {}

    /**
     * @param restart start the node again
     * @param unusable do not: a person must act first
     */
    public record ExitCodes(int restart, int unusable) {
        public static final int UNUSABLE_BY_DEFAULT = 78;
    }

    /** @throws BadConfiguration with every problem found */
    public static NodeSettings from(Config config) {
        return from(new Keys(config));
    }

    static NodeSettings from(Keys keys) {
        return SettingsReader.read(keys);
    }

    /** The same, for a start that asks to be taken in. */
    public NodeSettings asJoining() {
        return new NodeSettings(
                nodes,
                self,
                kind,
                dataDir,
                ports,
                serving,
                durability,
                lease,
                leadership,
                journal,
                jmxPort,
                exitCodes,
                true,
                givenDirectories,
                security);
    }

    /** Only of a node that can become master. */
    public Vip vip() {
        return servingOrThrow().vip();
    }

    /** Only of a node that can become master. */
    public Master master() {
        return servingOrThrow().master();
    }

    private Serving servingOrThrow() {
        if (serving == null) {
            throw new IllegalStateException("a " + kind.word() + " never becomes master");
        }
        return serving;
    }

    /** What is plain and what is not, for the status. */
    public String securityShown() {
        return "raft=" + security.word() + " akka=" + security.word() + " http=plain";
    }

    List<NodeId> ids() {
        return nodes.stream().map(Member::id).toList();
    }

    /** What the Raft peer of this node needs. */
    RaftSettings raft() {
        return new RaftSettings(
                        new io.antler.journal.Member(self.id(), raftAddress(self), kind.vote()),
                        nodes.stream().collect(Collectors.toMap(Member::id, this::raftAddress)),
                        dataDir.resolve("journal"),
                        journal.electionTimeout(),
                        journal.timeout(),
                        security,
                        joining)
                .with(journal.snapshots())
                .with(journal.disk());
    }

    private InetSocketAddress raftAddress(Member member) {
        return new InetSocketAddress(InetAddress.ofLiteral(member.address()), ports.raft());
    }

    /** What is allowed but probably not meant, a sentence each. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        switch (nodes.size()) {
            case 1 -> warnings.add("antler.nodes has one node: nothing takes over when it fails. Use three");
            case 2 ->
                warnings.add(
                        "antler.nodes has two nodes: a majority is both, so either one's failure stops the service."
                                + " Use three");
            default -> {
                if (nodes.size() % 2 == 0) {
                    warnings.add("antler.nodes has %d nodes: they bear no more failures than %d"
                            .formatted(nodes.size(), nodes.size() - 1));
                }
            }
        }
        if (leadership.silence().compareTo(lease.length()) > 0) {
            warnings.add(
                    ("antler.leadership.silence = %d ms is longer than antler.lease.length = %d ms: a dead master is"
                                    + " replaced later than it could be")
                            .formatted(
                                    leadership.silence().toMillis(),
                                    lease.length().toMillis()));
        }
        return List.copyOf(warnings);
    }
}
