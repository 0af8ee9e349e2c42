package io.antler.monitor;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import io.antler.master.HostStatus.Role;
import io.antler.master.HostStatus.StandbyKind;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as {@code antler list} shows it. Its JSON form, names and order, is an interface to the outside.
 *
 * @param epoch 0 before the first appointment
 * @param durability what an acknowledged change has survived: {@code async}
 * @param security which connections between nodes are plain and which use TLS; null from a node of an older release
 * @param metadataId null before adoption
 * @param nodes every node of the cluster, also those that are down
 * @param leaving null: the cluster stays
 */
@JsonPropertyOrder({"epoch", "master", "durability", "security", "metadataId", "vip", "nodes", "leaving"})
public record ClusterStatus(
        long epoch,
        @Nullable NodeId master,
        String durability,
        @Nullable String security,
        @Nullable String metadataId,
        Vip vip,
        List<Row> nodes,
        @Nullable Leaving leaving) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // a newer node may say more
            .addModule(
                    new SimpleModule() // so that this form does not depend on the one in the journal
                            .addSerializer(NodeId.class, ToStringSerializer.instance)
                            .addDeserializer(NodeId.class, new NodeIdReader()))
            .build();

    public ClusterStatus {
        nodes = List.copyOf(nodes);
    }

    /**
     * {@code antler leave} was given.
     *
     * @param since time, ISO 8601
     * @param version that of the last master when it had handed over everything; null: it has not yet
     */
    @JsonPropertyOrder({"since", "version"})
    public record Leaving(String since, @Nullable Long version) {
        /** @param version -1: not handed over yet */
        public static Leaving of(long atMillis, long version) {
            return new Leaving(Instant.ofEpochMilli(atMillis).toString(), known(version));
        }
    }

    /** @param address with prefix length; null when a node was asked that never has it */
    @JsonPropertyOrder({"address", "owner"})
    public record Vip(@Nullable String address, @Nullable NodeId owner) {}

    /** One node; what is not known is null. {@code standby} is null unless the role is {@code standby}. */
    @JsonPropertyOrder({
        "id",
        "address",
        "role",
        "standby",
        "epoch",
        "journaled",
        "replayed",
        "lag",
        "votes",
        "alarms",
        "configuration"
    })
    public record Row(
            NodeId id,
            String address,
            String role,
            @Nullable String standby,
            @Nullable Long epoch,
            @Nullable Long journaled,
            @Nullable Long replayed,
            @Nullable Long lag,
            boolean votes,
            List<String> alarms,
            SortedMap<String, String> configuration) {
        public Row {
            alarms = alarms == null ? List.of() : List.copyOf(alarms); // an older release has none, like the next
            configuration = Collections.unmodifiableSortedMap(
                    configuration == null ? new TreeMap<>() : new TreeMap<>(configuration));
        }

        /**
         * @param votes counts for a majority
         * @param alarms raised on that node, a line each
         * @param configuration checksums of the files that configure a master, by name, and the version of {@code mfsmaster}; empty when unknown
         */
        public static Row of(
                String address,
                boolean votes,
                HostStatus status,
                List<String> alarms,
                SortedMap<String, String> configuration) {
            StandbyKind kind = status.role() == Role.STANDBY ? status.standby() : null;
            return new Row(
                    status.node(),
                    address,
                    status.role().word(),
                    kind == null ? null : kind.word(),
                    status.epoch().value(),
                    known(status.journaled()),
                    known(status.replayed()),
                    known(status.lag()),
                    votes,
                    alarms,
                    configuration);
        }

        /** A node that nothing was heard of lately. */
        public static Row down(NodeId id, String address, boolean votes) {
            return new Row(
                    id, address, Role.DOWN.word(), null, null, null, null, null, votes, List.of(), new TreeMap<>());
        }
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException if this is not what {@link #toJson} makes */
    public static ClusterStatus fromJson(String json) {
        try {
            return JSON.readValue(json, ClusterStatus.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class NodeIdReader extends FromStringDeserializer<NodeId> {
        private static final long serialVersionUID = 1L;

        NodeIdReader() {
            super(NodeId.class);
        }

        @Override
        protected NodeId _deserialize(String value, DeserializationContext context) {
            return new NodeId(value);
        }
    }

    static @Nullable Long known(long number) {
        return number == HostStatus.UNKNOWN ? null : number;
    }
}
