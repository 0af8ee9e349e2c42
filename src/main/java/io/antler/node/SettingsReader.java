package io.antler.node;

import io.antler.journal.DiskSettings;
import io.antler.journal.LeaseTerms;
import io.antler.journal.NodeId;
import io.antler.journal.RaftSettings;
import io.antler.journal.transport.Security;
import io.antler.node.NodeSettings.ExitCodes;
import io.antler.node.NodeSettings.Journal;
import io.antler.node.NodeSettings.Leadership;
import io.antler.node.NodeSettings.Master;
import io.antler.node.NodeSettings.Member;
import io.antler.node.NodeSettings.Ports;
import io.antler.node.NodeSettings.Serving;
import io.antler.node.NodeSettings.Vip;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads each key of {@link NodeSettings} and checks the values against each other. */
final class SettingsReader {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long MEBIBYTE = 1 << 20;
    private static final long MOST_BYTES = 1L << 40;
    private static final Member NOBODY = new Member(new NodeId("nobody"), "");
    private static final String ADDRESS = "antler.node.address";

    private final Keys keys;

    private SettingsReader(Keys keys) {
        this.keys = keys;
    }

    static NodeSettings read(Keys keys) {
        return new SettingsReader(keys).read();
    }

    private NodeSettings read() {
        List<Member> nodes = Members.read(keys);
        NodeKind kind = kind();
        Member self = self(nodes, kind);
        Path dataDir = keys.absolutePath("antler.node.data-dir");
        Ports ports = ports();
        Serving serving = kind.canBeMaster() ? new Serving(vip(nodes), master()) : null;
        String durability = keys.text(
                "antler.durability",
                "async"::equals,
                "only \"async\"; nothing holds back the master's answers yet, so no more can be promised");
        Lease lease = lease();
        Leadership leadership = leadership();
        Journal journal = journal(lease);
        Integer jmxPort = jmxPort(ports);
        ExitCodes exitCodes = exitCodes();
        List<Path> givenDirectories = keys.absolutePaths("antler.collector.directories");
        Security security = security();
        keys.throwIfBad();
        return new NodeSettings(
                nodes,
                self,
                kind,
                dataDir,
                ports,
                serving,
                durability,
                new LeaseTerms(lease.length(), lease.renewInterval(), lease.drift()),
                leadership,
                journal,
                jmxPort,
                exitCodes,
                false,
                givenDirectories,
                security);
    }

    private NodeKind kind() {
        String word = keys.text("antler.node.kind", text -> NodeKind.of(text).isPresent(), NodeKind.WORDS);
        return NodeKind.of(word).orElse(NodeKind.MEMBER);
    }

    private Member self(List<Member> nodes, NodeKind kind) {
        String key = "antler.node.id";
        List<String> ids = nodes.stream().map(node -> node.id().value()).toList();
        String id = keys.text(key, value -> !value.isBlank(), "the id that this machine has in antler.nodes: " + ids);
        if (keys.isSet(ADDRESS)) {
            return ownAddress(nodes, id);
        }
        keys.check(
                () -> ids.contains(id),
                keys.shown(key) + ": not in antler.nodes, which has " + ids
                        + "; a node that is to join, or only to log, needs antler.node.address instead",
                key,
                Members.KEY);
        keys.check(
                () -> kind != NodeKind.METALOGGER,
                keys.shown(key)
                        + ": a metalogger has no vote, so antler.nodes must not have it; set antler.node.address",
                key,
                "antler.node.kind");
        return nodes.stream()
                .filter(node -> node.id().value().equals(id))
                .findFirst()
                .orElse(NOBODY);
    }

    private Member ownAddress(List<Member> nodes, String id) {
        String address = keys.text(ADDRESS, Ipv4::isHost, "the node's own IPv4 address in digits");
        keys.check(
                () -> nodes.stream().noneMatch(node -> node.id().value().equals(id)),
                keys.shown(ADDRESS) + ": antler.nodes has the address of " + id + " already; leave one of them out",
                ADDRESS,
                Members.KEY);
        try {
            return new Member(new NodeId(id), address);
        } catch (IllegalArgumentException e) {
            keys.refuse(keys.shown("antler.node.id") + ": " + e.getMessage(), "antler.node.id");
            return NOBODY;
        }
    }

    private Ports ports() {
        String key = "antler.ports.first";
        Ports ports = new Ports(keys.number(key, 1, 65_533));
        keys.check(
                () -> ports.http() < 9419 || ports.raft() > 9421,
                keys.shown(key) + ": this and the next two ports are Antler's, but 9419 to 9421 are mfsmaster's",
                key);
        return ports;
    }

    private Vip vip(List<Member> nodes) {
        String key = "antler.vip.address";
        String address = keys.text(
                key,
                Ipv4::isHostWithPrefix,
                "an IPv4 address with prefix length like \"10.0.0.9/24\", which clients mount");
        String host = address.replaceFirst("/.*", "");
        keys.check(
                () -> nodes.stream().noneMatch(node -> node.address().equals(host)),
                keys.shown(key)
                        + ": this is a node's own address; the virtual IP moves between nodes and needs a free one",
                key);
        String device = keys.text(
                "antler.vip.interface",
                value -> value.matches("[^\\s/]{1,15}"),
                "the name of a network interface like \"eth0\", as ip link shows it");
        return new Vip(address, device);
    }

    private Master master() {
        return new Master(
                keys.absolutePath("antler.master.config"),
                keys.absolutePath("antler.master.program"),
                keys.duration("antler.master.promotion-timeout", Duration.ofSeconds(1), HOUR));
    }

    /** The parts of {@link LeaseTerms}, which refuses wrong ones at once. */
    private record Lease(Duration length, Duration renewInterval, double drift) {}

    private Lease lease() {
        String lengthKey = "antler.lease.length";
        String renewKey = "antler.lease.renew-interval";
        Duration length = keys.duration(lengthKey, Duration.ofMillis(100), MINUTE);
        Duration renew = keys.duration(renewKey, MILLISECOND, MINUTE);
        keys.check(
                () -> renew.multipliedBy(3).compareTo(length) <= 0,
                keys.shown(renewKey) + ": allowed is at most a third of " + keys.shown(lengthKey),
                renewKey,
                lengthKey);
        return new Lease(length, renew, keys.fraction("antler.lease.drift", 0.5));
    }

    private Leadership leadership() {
        String reportKey = "antler.leadership.report-interval";
        String silenceKey = "antler.leadership.silence";
        Duration report = keys.duration(reportKey, Duration.ofMillis(10), MINUTE);
        Duration silence = keys.duration(silenceKey, Duration.ofMillis(30), HOUR);
        keys.check(
                () -> report.multipliedBy(3).compareTo(silence) <= 0,
                keys.shown(silenceKey) + ": allowed is at least three times " + keys.shown(reportKey),
                silenceKey,
                reportKey);
        return new Leadership(report, silence, keys.duration("antler.leadership.settle", Duration.ZERO, HOUR));
    }

    private Journal journal(Lease lease) {
        String timeoutKey = "antler.journal.timeout";
        String electionKey = "antler.journal.election-timeout";
        String lengthKey = "antler.lease.length";
        Duration timeout = keys.duration(timeoutKey, Duration.ofMillis(100), HOUR);
        Duration election = keys.duration(electionKey, Duration.ofMillis(50), MINUTE);
        keys.check(
                () -> election.compareTo(lease.length()) < 0,
                keys.shown(electionKey) + ": allowed is less than " + keys.shown(lengthKey)
                        + ", or each election of the journal ends a healthy mastership",
                electionKey,
                lengthKey);
        keys.check(
                () -> timeout.compareTo(election) > 0,
                keys.shown(timeoutKey) + ": allowed is more than " + keys.shown(electionKey)
                        + ", or each election fails the appends under way",
                timeoutKey,
                electionKey);
        return new Journal(
                timeout,
                election,
                new RaftSettings.Snapshots(
                        keys.duration("antler.journal.snapshot.interval", Duration.ofSeconds(1), Duration.ofDays(1)),
                        keys.bytes("antler.journal.snapshot.after-bytes", MEBIBYTE, MOST_BYTES)),
                disk());
    }

    private DiskSettings disk() {
        String alarmKey = "antler.journal.disk.alarm-free";
        String stopKey = "antler.journal.disk.stop-free";
        long alarm = keys.bytes(alarmKey, MEBIBYTE, MOST_BYTES);
        long stop = keys.bytes(stopKey, MEBIBYTE, MOST_BYTES);
        Duration slow = keys.duration("antler.journal.disk.slow", Duration.ofMillis(10), MINUTE);
        keys.check(
                () -> stop <= alarm,
                keys.shown(alarmKey) + ": allowed is at least " + keys.shown(stopKey)
                        + ", or the journal waits before there is an alarm",
                alarmKey,
                stopKey);
        return new DiskSettings(Math.max(alarm, stop), stop, slow); // a wrong pair is refused later, with all else
    }

    private @Nullable Integer jmxPort(Ports ports) {
        String key = "antler.jmx.port";
        if (!keys.isSet(key)) {
            return null;
        }
        int port = keys.number(key, 1, 65_535);
        keys.check(
                () -> (port < ports.raft() || port > ports.http()) && (port < 9419 || port > 9421),
                keys.shown(key) + ": taken by " + keys.shown("antler.ports.first")
                        + " and the next two, or by mfsmaster",
                key,
                "antler.ports.first");
        return port;
    }

    /** Whether the files can be used is checked when the journal starts. */
    private Security security() {
        String prefix = "antler.tls.";
        List<String> missing = Stream.of("certificate", "key", "ca")
                .filter(name -> !keys.isSet(prefix + name))
                .toList();
        if (missing.size() == 3) {
            return new Security.Plain();
        }
        if (!missing.isEmpty()) {
            keys.refuse("antler.tls: set certificate, key and ca, or none of them for plain connections; missing here: "
                    + String.join(", ", missing));
            return new Security.Plain();
        }
        return new Security.MutualTls(
                keys.absolutePath(prefix + "certificate"),
                keys.absolutePath(prefix + "key"),
                keys.absolutePath(prefix + "ca"));
    }

    private ExitCodes exitCodes() {
        String restartKey = "antler.exit-code.restart";
        String unusableKey = "antler.exit-code.unusable";
        ExitCodes codes = new ExitCodes(keys.number(restartKey, 3, 125), keys.number(unusableKey, 3, 125));
        keys.check(
                () -> codes.restart() != codes.unusable(),
                keys.shown(unusableKey) + ": must differ from " + keys.shown(restartKey),
                restartKey,
                unusableKey);
        return codes;
    }
}
