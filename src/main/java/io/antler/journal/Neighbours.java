package io.antler.journal;

import com.alipay.sofa.jraft.conf.Configuration;
import io.antler.journal.AdmissionRule.Knowledge;
import io.antler.journal.transport.Admission;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Lets the members of the group talk to each other, and those that ask to be taken in, and nobody else. */
final class Neighbours implements Admission {
    private final RaftSettings settings;
    private final Identity identity;
    private final Members members;
    private final AddressBook book;
    private final Supplier<Configuration> raft;

    /** @param raft Raft's configuration; empty while it is not known */
    Neighbours(
            RaftSettings settings, Identity identity, Members members, AddressBook book, Supplier<Configuration> raft) {
        this.settings = settings;
        this.identity = identity;
        this.members = members;
        this.book = book;
        this.raft = raft;
    }

    @Override
    public byte[] hello() {
        return own().encoded();
    }

    private Hello own() {
        return new Hello(
                identity.cluster().or(members::cluster),
                settings.self(),
                identity.incarnation(),
                settings.own().kind(),
                identity.state() == Identity.State.ASKING,
                members.revision());
    }

    @Override
    public Optional<String> mistaken(InetSocketAddress called, Set<String> names) {
        return book.node(called).flatMap(node -> foreign(node, names, address(node, called)));
    }

    private InetSocketAddress address(NodeId node, InetSocketAddress otherwise) {
        return book.address(node).orElse(otherwise);
    }

    /** Why a certificate with these names is not that node's. */
    static Optional<String> foreign(NodeId node, Set<String> names, InetSocketAddress address) {
        Set<String> right = new LinkedHashSet<>();
        right.add(node.value());
        right.add(address.getAddress().getHostAddress());
        return names.stream().anyMatch(right::contains)
                ? Optional.empty()
                : Optional.of("the certificate names " + sorted(names) + ", not " + String.join(" or ", right)
                        + ": give " + node + " its own certificate (antler.tls.certificate), with DNS:" + node
                        + " as a subject alternative name");
    }

    @Override
    public Verdict admit(Visitor visitor, byte[] hello) {
        Hello other;
        try {
            other = Hello.decode(hello);
        } catch (RuntimeException e) {
            return new Verdict.Refused("its hello cannot be read: " + e.getMessage());
        }
        NodeId node = other.node();
        var known = new Knowledge(own(), members.of(node), visitor.called().flatMap(book::node), founds(node));
        Optional<String> foreign = visitor.certificateNames().isEmpty()
                ? Optional.empty()
                : foreign(node, visitor.certificateNames(), address(node, visitor.remote()));
        return foreign.or(() -> AdmissionRule.refusal(known, other))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Admitted(node.value()));
    }

    /** A voter from the beginning that has not had itself recorded yet. */
    private boolean founds(NodeId node) {
        InetSocketAddress address = settings.members().get(node);
        if (address == null
                || members.of(node).isPresent()
                || members.at(address).isPresent()) {
            return false;
        }
        Configuration configuration = raft.get();
        return configuration.isEmpty() || configuration.contains(AddressBook.peer(address));
    }

    private static String sorted(Set<?> values) {
        return values.stream().map(Object::toString).sorted().collect(Collectors.joining(", ", "[", "]"));
    }
}
