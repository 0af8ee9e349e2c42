package io.antler.journal;

import akka.util.ByteString;
import java.io.IOException;

/** What a node asks the leader for. */
sealed interface Call {
    /** Append this encoded {@link Entry} to the log. */
    record Propose(ByteString entry) implements Call {}

    /** Let another peer lead. */
    record Transfer(NodeId to) implements Call {}

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
            }
        });
    }

    static Call decode(byte[] bytes) {
        return Fields.read("a call", FORMAT, bytes, in -> {
            int kind = in.readUnsignedByte();
            return switch (kind) {
                case 1 -> new Propose(ByteString.fromArrayUnsafe(Fields.readBytes(in)));
                case 2 -> new Transfer(new NodeId(in.readUTF()));
                default -> throw new IOException("kind " + kind + " is not known");
            };
        });
    }
}
