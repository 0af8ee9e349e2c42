package io.antler.journal;

import akka.util.ByteString;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** What a node asks the leader for. */
sealed interface Call {
    /** Append this encoded {@link Entry} to the log. */
    record Propose(ByteString entry) implements Call {}

    /** Let another peer lead. */
    record Transfer(NodeId to) implements Call {}

    /**
     * Take this life of a node in. Asked again until the answer is {@link Reply.Done} with a {@link Welcome}.
     *
     * @param cluster the one that its directory belongs to; empty: none yet
     * @param joining its operator wants it taken in; else it only has itself recorded, or belongs already
     * @param ready its Raft peer runs, so it can be added
     * @param forwarded by a node that does not lead to the one that it takes for the leader
     */
    record Join(
            Member member, UUID incarnation, Optional<UUID> cluster, boolean joining, boolean ready, boolean forwarded)
            implements Call {
        Join forward() {
            return new Join(member, incarnation, cluster, joining, ready, true);
        }
    }

    /** End a node's membership. */
    record Remove(NodeId node) implements Call {}

    /** Whether the disk of the node that is asked lets it lead. */
    record CanLead() implements Call {}

    int FORMAT = 1;

    default byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            switch (this) {
                case Propose propose -> {
                    out.writeByte(1);
                    Fields.writeBytes(out, propose.entry().toArrayUnsafe());
                }
                case Transfer transfer -> {
                    out.writeByte(2);
                    out.writeUTF(transfer.to().value());
                }
                case Join join -> {
                    out.writeByte(3);
                    Members.writeMember(out, join.member(), join.incarnation());
                    Members.writeOptionalId(out, join.cluster());
                    out.writeBoolean(join.joining());
                    out.writeBoolean(join.ready());
                    out.writeBoolean(join.forwarded());
                }
                case Remove remove -> {
                    out.writeByte(4);
                    out.writeUTF(remove.node().value());
                }
                case CanLead _ -> out.writeByte(16);
            }
        });
    }

    static Call decode(byte[] bytes) {
        return Fields.read("a call", FORMAT, bytes, in -> {
            int kind = in.readUnsignedByte();
            return switch (kind) {
                case 1 -> new Propose(ByteString.fromArrayUnsafe(Fields.readBytes(in)));
                case 2 -> new Transfer(new NodeId(in.readUTF()));
                case 3 -> {
                    Member member = Members.readMember(in);
                    UUID incarnation = Members.readId(in);
                    yield new Join(
                            member,
                            incarnation,
                            Members.readOptionalId(in),
                            in.readBoolean(),
                            in.readBoolean(),
                            in.readBoolean());
                }
                case 4 -> new Remove(new NodeId(in.readUTF()));
                case 16 -> new CanLead();
                default -> throw new IOException("kind " + kind + " is not known");
            };
        });
    }
}
