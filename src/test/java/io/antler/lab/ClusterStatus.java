package io.antler.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code antler list --json} says. */
record ClusterStatus(
        long epoch,
        @Nullable String master,
        String durability,
        @Nullable String metadataId,
        Vip vip,
        List<Node> nodes,
        @Nullable Leaving leaving) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @param version of the master that handed over; null: not yet */
    record Leaving(String since, @Nullable Long version) {}

    record Vip(String address, @Nullable String owner) {}

    /** Unknown numbers are null. */
    record Node(
            String id,
            String address,
            String role,
            @Nullable String standby,
            @Nullable Long epoch,
            @Nullable Long journaled,
            @Nullable Long replayed,
            @Nullable Long lag,
            boolean votes,
            List<String> alarms) {
        /** Loaded, and replaying behind the master. */
        boolean hotStandby() {
            return role.equals("standby") && "hot".equals(standby) && replayed != null;
        }
    }

    static ClusterStatus parse(String json) {
        try {
            return JSON.readValue(json, ClusterStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not the output of antler list --json: " + json, e);
        }
    }

    /** A master is appointed and has the address: clients are served. */
    boolean serving() {
        return master != null && master.equals(vip.owner());
    }

    /** Nodes that the cluster hears of. */
    long joined() {
        return nodes.stream().filter(node -> !node.role().equals("down")).count();
    }

    Optional<Node> node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    boolean hotStandby(String id) {
        return node(id).map(Node::hotStandby).orElse(false);
    }

    long hotStandbys() {
        return nodes.stream().filter(Node::hotStandby).count();
    }
}
