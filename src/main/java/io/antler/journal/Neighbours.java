package io.antler.journal;

import io.antler.journal.transport.Admission;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets the members of the group talk to each other and nobody else. */
final class Neighbours implements Admission {
    private static final int FORMAT = 1;

    private final RaftSettings settings;

    Neighbours(RaftSettings settings) {
        this.settings = settings;
    }

    @Override
    public byte[] hello() {
        return Fields.write(FORMAT, out -> out.writeUTF(settings.self().value()));
    }

    @Override
    public Optional<String> mistaken(InetSocketAddress called, Set<String> names) {
        return member(called).flatMap(node -> foreign(node, names));
    }

    private Optional<NodeId> member(InetSocketAddress address) {
        return settings.members().entrySet().stream()
                .filter(member -> member.getValue().equals(address))
                .map(Map.Entry::getKey)
                .findAny();
    }

    /** Why a certificate with these names is not that node's. */
    private Optional<String> foreign(NodeId node, Set<String> names) {
        String address = settings.address(node).getAddress().getHostAddress();
        return names.contains(node.value()) || names.contains(address)
                ? Optional.empty()
                : Optional.of("the certificate names " + sorted(names) + ", not " + node + " or " + address
                        + ": give " + node + " its own certificate (antler.tls.certificate), with DNS:" + node
                        + " as a subject alternative name");
    }

    @Override
    public Verdict admit(Visitor visitor, byte[] hello) {
        NodeId node;
        try {
            node = Fields.read("a hello", FORMAT, hello, in -> new NodeId(in.readUTF()));
        } catch (RuntimeException e) {
            return new Verdict.Refused("its hello cannot be read: " + e.getMessage());
        }
        if (!settings.members().containsKey(node)) {
            return new Verdict.Refused(node + " is not in antler.nodes of " + settings.self() + ", which has "
                    + sorted(settings.members().keySet()) + ": the list must be the same on every node");
        }
        Optional<NodeId> called = visitor.called().flatMap(this::member);
        if (called.isPresent() && !called.get().equals(node)) {
            return new Verdict.Refused(node + " is at the address of " + called.get()
                    + ": check antler.node.id there and antler.nodes here");
        }
        Optional<String> foreign =
                visitor.certificateNames().isEmpty() ? Optional.empty() : foreign(node, visitor.certificateNames());
        return foreign.<Verdict>map(Verdict.Refused::new).orElseGet(() -> new Verdict.Admitted(node.value()));
    }

    private static String sorted(Set<?> values) {
        return values.stream().map(Object::toString).sorted().collect(Collectors.joining(", ", "[", "]"));
    }
}
