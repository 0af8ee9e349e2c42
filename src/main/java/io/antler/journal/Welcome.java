package io.antler.journal;

import akka.util.ByteString;
import java.util.UUID;

/**
 * How far the leader has taken a node in.
 *
 * @param member Raft's configuration has it; else it is only recorded, and its Raft peer may start now
 */
record Welcome(UUID cluster, boolean member) {
    private static final int FORMAT = 1;

    ByteString encoded() {
        return ByteString.fromArrayUnsafe(Fields.write(FORMAT, out -> {
            Members.writeId(out, cluster);
            out.writeBoolean(member);
        }));
    }

    static Welcome decode(ByteString bytes) {
        return Fields.read(
                "a welcome", FORMAT, bytes.toArrayUnsafe(), in -> new Welcome(Members.readId(in), in.readBoolean()));
    }
}
