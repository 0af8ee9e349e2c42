package io.antler.journal;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import io.antler.journal.Members.Enlisted;
import io.antler.journal.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which node is at which address: by the table of {@link Members}, and by the settings where that has nothing yet. */
final class AddressBook {
    private final RaftSettings settings;
    private final Members members;

    AddressBook(RaftSettings settings, Members members) {
        this.settings = settings;
        this.members = members;
    }

    static PeerId peer(InetSocketAddress address) {
        return new PeerId(Transport.endpoint(address), 0);
    }

    private static InetSocketAddress address(PeerId peer) {
        return new InetSocketAddress(InetAddress.ofLiteral(peer.getIp()), peer.getPort());
    }

    /** Empty for a stranger, and for a node that was removed. */
    Optional<InetSocketAddress> address(NodeId node) {
        if (node.equals(settings.self())) {
            return Optional.of(settings.address());
        }
        Optional<Enlisted> recorded = members.of(node);
        return recorded.isPresent()
                ? recorded.filter(each -> !each.dismissed())
                        .map(each -> each.member().address())
                : Optional.ofNullable(settings.members().get(node));
    }

    Optional<NodeId> node(InetSocketAddress address) {
        if (address.equals(settings.address())) {
            return Optional.of(settings.self());
        }
        Optional<Enlisted> recorded = members.at(address);
        return recorded.isPresent() ? recorded.map(each -> each.member().node()) : configured(address);
    }

    Optional<NodeId> node(PeerId peer) {
        return node(address(peer));
    }

    private Optional<NodeId> configured(InetSocketAddress address) {
        return settings.members().entrySet().stream()
                .filter(each -> each.getValue().equals(address))
                .map(Map.Entry::getKey)
                .filter(node -> members.of(node).isEmpty())
                .findAny();
    }

    /** All that Raft's configuration has, by name; those of the settings while it has nothing. */
    List<Member> members(Configuration raft) {
        var found = new TreeSet<Member>();
        if (raft.isEmpty()) {
            settings.members().forEach((node, address) -> found.add(new Member(node, address, Member.Kind.VOTER)));
        }
        collect(raft.getPeers(), Member.Kind.VOTER, found);
        collect(raft.getLearners(), Member.Kind.LEARNER, found);
        return List.copyOf(found);
    }

    private void collect(Collection<PeerId> peers, Member.Kind kind, Set<Member> found) {
        for (PeerId peer : peers) {
            InetSocketAddress address = address(peer);
            node(address).ifPresent(node -> found.add(new Member(node, address, kind)));
        }
    }

    /** Whom to ask while no leader is known: everybody who is or was said to be a member, but not this node. */
    List<InetSocketAddress> contacts(Configuration raft) {
        var found = new LinkedHashSet<>(settings.members().values());
        Stream.concat(raft.getPeers().stream(), raft.getLearners().stream())
                .map(AddressBook::address)
                .forEach(found::add);
        members.all().stream()
                .filter(each -> !each.dismissed())
                .forEach(each -> found.add(each.member().address()));
        found.remove(settings.address());
        return List.copyOf(found);
    }
}
