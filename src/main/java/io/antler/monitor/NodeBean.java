package io.antler.monitor;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import io.antler.master.HostStatus.Role;
import io.antler.master.HostStatus.StandbyKind;
import org.jspecify.annotations.Nullable;

/** Reads the {@link Board}. Called on threads of the JMX connector. */
final class NodeBean implements NodeMXBean {
    private final Board board;
    private final NodeId node;
    private final String durability;
    private final HostStatus nothingHeard;

    NodeBean(Board board, NodeId node, String durability) {
        this.board = board;
        this.node = node;
        this.durability = durability;
        nothingHeard = new HostStatus(
                node, Role.STARTING, null, Epoch.NONE, HostStatus.UNKNOWN, HostStatus.UNKNOWN, null, false, null, null);
    }

    private HostStatus host() {
        HostStatus host = board.host();
        return host == null ? nothingHeard : host;
    }

    @Override
    public String getNode() {
        return node.value();
    }

    @Override
    public String getRole() {
        return host().role().word();
    }

    @Override
    public @Nullable String getStandby() {
        HostStatus host = host();
        StandbyKind kind = host.role() == Role.STANDBY ? host.standby() : null;
        return kind == null ? null : kind.word();
    }

    @Override
    public long getEpoch() {
        return host().epoch().value();
    }

    @Override
    public @Nullable Long getJournaledVersion() {
        return ClusterStatus.known(host().journaled());
    }

    @Override
    public @Nullable Long getReplayedVersion() {
        return ClusterStatus.known(host().replayed());
    }

    @Override
    public @Nullable Long getLag() {
        return ClusterStatus.known(host().lag());
    }

    @Override
    public @Nullable String getMaster() {
        return text(host().master());
    }

    @Override
    public boolean isOwnsAddress() {
        return host().ownsAddress();
    }

    @Override
    public @Nullable String getAddressOwner() {
        if (isOwnsAddress()) {
            return node.value();
        }
        ClusterStatus cluster = board.cluster();
        NodeId owner = cluster == null ? null : cluster.vip().owner();
        return node.equals(owner) ? null : text(owner); // this node: heard before it gave the address up
    }

    @Override
    public String getDurability() {
        return durability;
    }

    @Override
    public @Nullable String getMetadataId() {
        return host().metadataId();
    }

    @Override
    public @Nullable String getMessage() {
        return host().message();
    }

    private static @Nullable String text(@Nullable NodeId id) {
        return id == null ? null : id.value();
    }
}
