package io.antler.node;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.antler.journal.NodeId;
import io.antler.node.NodeSettings.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code antler.nodes}. */
final class Members {
    static final String KEY = "antler.nodes";
    private static final String FORM = "{ id = \"n1\", address = \"10.0.0.1\" }";

    private Members() {}

    static List<Member> read(Keys keys) {
        if (!(keys.config().root().get("antler") instanceof ConfigObject antler
                && antler.get("nodes") instanceof ConfigList list)) {
            keys.refuse(keys.shown(KEY) + ": allowed is a list of nodes like [ " + FORM + " ]", KEY);
            return List.of();
        }
        if (list.isEmpty()) {
            keys.refuse(KEY + " is empty: list every node of the cluster, the same on each, like " + FORM, KEY);
        }
        List<Member> members = new ArrayList<>();
        list.forEach(value -> member(keys, value).ifPresent(members::add));
        refuseDuplicates(keys, members);
        return members;
    }

    private static Optional<Member> member(Keys keys, ConfigValue value) {
        String id = text(value, "id");
        String address = text(value, "address");
        if (!(value instanceof ConfigObject node)
                || !node.keySet().equals(Set.of("id", "address"))
                || id.isEmpty()
                || address.isEmpty()) {
            keys.refuse(Keys.shown(KEY, value) + ": allowed are exactly id and address, like " + FORM, KEY);
            return Optional.empty();
        }
        if (!Ipv4.isHost(address)) {
            keys.refuse(Keys.shown(KEY, value) + ": address must be the node's own IPv4 address in digits", KEY);
            return Optional.empty();
        }
        try {
            return Optional.of(new Member(new NodeId(id), address));
        } catch (IllegalArgumentException e) {
            keys.refuse(Keys.shown(KEY, value) + ": " + e.getMessage(), KEY);
            return Optional.empty();
        }
    }

    private static String text(ConfigValue node, String key) {
        return node instanceof ConfigObject object && object.toConfig().hasPath(key)
                ? String.valueOf(object.toConfig().getValue(key).unwrapped())
                : "";
    }

    private static void refuseDuplicates(Keys keys, List<Member> members) {
        Set<NodeId> ids = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (Member member : members) {
            if (!ids.add(member.id())) {
                keys.refuse(KEY + " has the id " + member.id() + " twice: each node needs its own", KEY);
            }
            if (!addresses.add(member.address())) {
                keys.refuse(KEY + " has the address " + member.address() + " twice: each node needs its own", KEY);
            }
        }
    }
}
