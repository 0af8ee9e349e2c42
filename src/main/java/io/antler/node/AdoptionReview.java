package io.antler.node;

import io.antler.configuration.ConfigurationFiles;
import io.antler.configuration.DifferenceRule;
import io.antler.journal.NodeId;
import io.antler.kernel.TcpTable;
import io.antler.master.Adoption;
import io.antler.master.AdoptionRefused;
import io.antler.master.HostStatus.Role;
import io.antler.monitor.ClusterStatus;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.DataDirectory;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.InstalledProgram;
import io.antler.moosefs.MasterConfig;
import io.antler.moosefs.MasterProbe;
import io.antler.vip.VipAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of an adoption, or is to be done for it; on the machine that has the metadata, while its old master still runs
 * or after it has stopped. Only looks. Blocks.
 */
public final class AdoptionReview {
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Set<String> BYSTANDERS = Set.of(Role.WITNESS.word(), Role.METALOGGER.word());
    private static final long COPIES = 3; // as checkpoint, of the standby, and while one of them is replaced

    /** How much it matters. */
    public enum Kind {
        OK,
        /** For the operator, at the time of the adoption. */
        TO_DO,
        /** With this it would fail, or serve worse than before. */
        PROBLEM
    }

    public record Remark(Kind kind, String text) {}

    /**
     * A node as it answered.
     *
     * @param status null if it did not
     * @param free bytes on the file system of its journal; -1 if not known
     * @param failure why it did not answer; null if it did
     */
    public record Peer(
            NodeSettings.Member node,
            @Nullable ClusterStatus status,
            long free,
            @Nullable String failure) {}

    private final NodeSettings settings;
    private final List<Peer> peers;
    private final List<Remark> remarks = new ArrayList<>();

    private AdoptionReview(NodeSettings settings, List<Peer> peers) {
        this.settings = settings;
        this.peers = peers;
    }

    /** @param peers all nodes of the configuration, this one too */
    public static List<Remark> of(NodeSettings settings, List<Peer> peers) {
        var review = new AdoptionReview(settings, peers);
        review.look();
        return List.copyOf(review.remarks);
    }

    private void say(Kind kind, String text) {
        remarks.add(new Remark(kind, text));
    }

    private void look() {
        if (!settings.kind().canBeMaster()) {
            say(
                    Kind.PROBLEM,
                    "this node is a " + settings.kind().word() + " and never becomes master: run this on the"
                            + " node that has the metadata");
            return;
        }
        thisMachine();
        otherNodes();
        MasterConfig config;
        try {
            config = MasterConfig.read(settings.master().config());
        } catch (BadMasterConfig bad) {
            say(Kind.PROBLEM, String.valueOf(bad.getMessage()));
            return;
        }
        check(() -> metadata(config));
        check(() -> space(config));
        check(() -> configuration(config));
        check(this::address);
        check(() -> connections(config));
    }

    private interface Check {
        void run() throws IOException, BadMasterConfig;
    }

    /** One that cannot be done does not keep the others from being done. */
    private void check(Check check) {
        try {
            check.run();
        } catch (IOException | BadMasterConfig unreadable) {
            say(Kind.PROBLEM, String.valueOf(unreadable.getMessage()));
        }
    }

    private void thisMachine() {
        boolean runs = peers.stream().anyMatch(peer -> peer.node().equals(settings.self()) && peer.status() != null);
        List<String> problems = runs ? List.of() : Machine.problems(settings);
        problems.forEach(problem -> say(Kind.PROBLEM, problem));
        if (problems.isEmpty()) {
            say(Kind.OK, "this machine has what node " + settings.self().id() + " needs");
        }
        settings.warnings().forEach(warning -> say(Kind.TO_DO, warning));
    }

    private void otherNodes() {
        int up = 1; // this one, at the latest after the old master has stopped
        for (Peer peer : peers) {
            ClusterStatus status = peer.status();
            if (status != null && status.metadataId() != null) {
                say(
                        Kind.PROBLEM,
                        "the cluster already serves metadata id " + status.metadataId() + ", as "
                                + peer.node().id() + " says: it adopts nothing else");
            }
            if (peer.node().equals(settings.self())) {
                continue;
            }
            if (status == null) {
                say(Kind.TO_DO, "start node " + peer.node().id() + ": " + peer.failure());
            } else {
                up++;
            }
        }
        if (up <= peers.size() / 2) {
            say(Kind.PROBLEM, up + " of " + peers.size() + " nodes are no majority: start the others first");
        } else {
            say(Kind.OK, up + " of " + peers.size() + " nodes, counting this one");
        }
    }

    private void metadata(MasterConfig config) throws BadMasterConfig {
        try {
            Adoption.checkUnmarked(config);
            OptionalLong runs = new DataDirectory(config.dataPath()).holder();
            if (runs.isPresent()) {
                say(
                        Kind.TO_DO,
                        "mfsmaster (process " + runs.getAsLong() + ") runs on " + config.dataPath()
                                + ": stop it cleanly when you adopt (systemctl disable --now moosefs-master)");
                running(config);
            } else {
                ImageHeader header = ImageHeader.read(Adoption.checkedImage(config));
                say(
                        Kind.OK,
                        "image in " + config.dataPath() + ": "
                                + (header.isNew()
                                        ? "a new file system"
                                        : "metadata id " + header.id() + ", version " + header.version()));
            }
        } catch (AdoptionRefused | IOException refused) {
            say(Kind.PROBLEM, String.valueOf(refused.getMessage()));
        }
    }

    private void running(MasterConfig config) throws BadMasterConfig {
        var port = new InetSocketAddress(InetAddress.getLoopbackAddress(), config.clientPort());
        try {
            MasterProbe.Answer answer = MasterProbe.ask(port, PROBE);
            say(Kind.OK, "it serves metadata id " + answer.id() + ", version " + answer.metadataVersion());
        } catch (IOException silent) {
            say(Kind.TO_DO, "it does not answer on " + port + ": " + silent.getMessage());
        }
    }

    private void space(MasterConfig config) throws IOException {
        var data = new DataDirectory(config.dataPath());
        Path image = data.hasCleanImage() ? data.cleanImage() : data.oldImage();
        if (!Files.exists(image)) {
            return;
        }
        long needed = COPIES * Files.size(image) + settings.journal().disk().alarmFreeBytes();
        space(
                settings.self(),
                Files.getFileStore(Machine.existing(settings.dataDir())).getUsableSpace(),
                needed);
        for (Peer peer : peers) {
            if (!peer.node().equals(settings.self()) && peer.status() != null && !isBystander(peer)) {
                space(peer.node(), peer.free(), needed);
            }
        }
    }

    private static boolean isBystander(Peer peer) {
        return row(peer).filter(row -> BYSTANDERS.contains(row.role())).isPresent();
    }

    /** What it says of itself. */
    private static Optional<ClusterStatus.Row> row(Peer peer) {
        return peer.status() == null
                ? Optional.empty()
                : peer.status().nodes().stream()
                        .filter(row -> row.id().equals(peer.node().id()))
                        .findFirst();
    }

    private void space(NodeSettings.Member node, long free, long needed) {
        if (free < 0) {
            say(Kind.TO_DO, node.id() + " does not say how much space it has: " + mib(needed) + " are needed");
        } else if (free < needed) {
            say(
                    Kind.PROBLEM,
                    node.id() + " has " + mib(free) + " free for its journal and images, " + mib(needed)
                            + " are needed");
        } else {
            say(Kind.OK, node.id() + " has " + mib(free) + " free, " + mib(needed) + " are needed");
        }
    }

    private static String mib(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private void configuration(MasterConfig config) throws IOException {
        SortedMap<String, String> own =
                new TreeMap<>(ConfigurationFiles.read(config).checksums());
        own.put(DifferenceRule.PROGRAM, new InstalledProgram(settings.master().program()).version());
        Map<NodeId, SortedMap<String, String>> others = new LinkedHashMap<>();
        for (Peer peer : peers) {
            Optional<ClusterStatus.Row> row = row(peer);
            if (row.isEmpty() || peer.node().equals(settings.self()) || isBystander(peer)) {
                continue;
            }
            if (row.get().configuration().containsKey(DifferenceRule.PROGRAM)) {
                others.put(peer.node().id(), row.get().configuration());
            } else {
                say(
                        Kind.TO_DO,
                        peer.node().id() + " does not tell its configuration yet: ask again, or see antler list");
            }
        }
        boolean same = true;
        for (Map.Entry<NodeId, SortedMap<String, String>> other : others.entrySet()) {
            List<String> differences = DifferenceRule.differences(own, other.getKey(), other.getValue());
            differences.forEach(difference -> say(Kind.PROBLEM, difference + ": it must be the same on every node"));
            same &= differences.isEmpty();
        }
        if (same && !others.isEmpty()) {
            say(
                    Kind.OK,
                    "mfsmaster " + own.get(DifferenceRule.PROGRAM) + " and its configuration are the same on "
                            + others.keySet().stream().map(NodeId::value).collect(Collectors.joining(", ")));
        }
    }

    private InetAddress vip() {
        return VipAddress.parse(settings.vip().address()).orElseThrow().ip();
    }

    private void address() throws IOException {
        NetworkInterface device = NetworkInterface.getByInetAddress(vip());
        if (device != null) {
            say(
                    Kind.TO_DO,
                    vip().getHostAddress() + " is an address of this machine (" + device.getName()
                            + "): remove it for good when mfsmaster has stopped, also from the system's network settings."
                            + " Antler adds it on the master's node");
        }
    }

    /** Who is connected to the old master by another address than the virtual one. */
    private void connections(MasterConfig config) throws IOException, BadMasterConfig {
        MasterConfig.Ports ports = config.ports();
        Map<Integer, String> what =
                Map.of(ports.chunkserver(), "chunkserver", ports.client(), "mount", ports.metalogger(), "metalogger");
        SortedSet<String> wrong = new TreeSet<>();
        SortedSet<String> right = new TreeSet<>();
        for (TcpTable.Socket socket : TcpTable.read()) {
            String kind = what.get(socket.local().getPort());
            if (kind == null
                    || !socket.established()
                    || socket.remote().getAddress().isLoopbackAddress()) {
                continue;
            }
            String peer = kind + " " + socket.remote().getAddress().getHostAddress();
            if (socket.local().getAddress().equals(vip())) {
                right.add(peer);
            } else {
                wrong.add(peer + " (by " + socket.local().getAddress().getHostAddress() + ")");
            }
        }
        if (!right.isEmpty()) {
            say(Kind.OK, "already connected by " + vip().getHostAddress() + ": " + String.join(", ", right));
        }
        if (!wrong.isEmpty()) {
            say(
                    Kind.TO_DO,
                    "MASTER_HOST, or the mount's option mfsmaster, must become " + vip().getHostAddress() + " for: "
                            + String.join(", ", wrong));
        }
    }
}
