package io.antler.journal;

import java.util.Optional;
import java.util.UUID;

/**
 * How two nodes introduce themselves to each other before anything else is said on a connection.
 *
 * @param cluster empty while the node belongs to none
 * @param incarnation made when the node's journal directory was; says whether it is still the same one
 * @param asking it runs no Raft peer and only asks to be taken in
 * @param revision of its {@link Members} table
 */
record Hello(Optional<UUID> cluster, NodeId node, UUID incarnation, Member.Kind kind, boolean asking, long revision) {
    private static final int FORMAT = 1;

    byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            Members.writeOptionalId(out, cluster);
            out.writeUTF(node.value());
            Members.writeId(out, incarnation);
            out.writeByte(kind.code());
            out.writeBoolean(asking);
            out.writeLong(revision);
        });
    }

    static Hello decode(byte[] bytes) {
        return Fields.read("a greeting", FORMAT, bytes, in -> {
            Optional<UUID> cluster = Members.readOptionalId(in);
            var node = new NodeId(in.readUTF());
            UUID incarnation = Members.readId(in);
            return new Hello(
                    cluster, node, incarnation, Member.Kind.of(in.readUnsignedByte()), in.readBoolean(), in.readLong());
        });
    }
}
