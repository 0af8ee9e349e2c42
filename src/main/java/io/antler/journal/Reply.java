package io.antler.journal;

import akka.util.ByteString;
import java.io.IOException;

/** The leader's answer to a {@link Call}. */
sealed interface Reply {
    /** @param result encoded; what it is depends on the call */
    record Done(ByteString result) implements Reply {}

    /** Not the leader, or not able to now; what was asked for may still happen. */
    record TryAgain(String reason) implements Reply {}

    /**
     * Nothing was changed, and asking again would not change that: a person must act.
     *
     * @param foreign because the two are of different clusters; which one is in the wrong place is not known from that
     */
    record Refused(boolean foreign, String reason) implements Reply {}

    /** The leader takes nothing new, because its disk is full and nobody else can lead. */
    record Full(String node, String path, long freeBytes) implements Reply {
        DiskFull exception() {
            return new DiskFull(node, path, freeBytes);
        }

        String reason() {
            return String.valueOf(exception().getMessage());
        }
    }

    /** Nothing was changed: it does not fit into one entry of the leader's log. */
    record TooLarge(long lengthBytes, long limitBytes) implements Reply {
        EntryTooLarge exception() {
            return new EntryTooLarge(lengthBytes, limitBytes);
        }
    }

    int FORMAT = 1;

    default byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            switch (this) {
                case Done done -> {
                    out.writeByte(1);
                    Fields.writeBytes(out, done.result().toArrayUnsafe());
                }
                case TryAgain again -> {
                    out.writeByte(2);
                    out.writeUTF(again.reason());
                }
                case Refused refused -> {
                    out.writeByte(3);
                    out.writeBoolean(refused.foreign());
                    out.writeUTF(refused.reason());
                }
                case Full full -> {
                    out.writeByte(16);
                    out.writeUTF(full.node());
                    out.writeUTF(full.path());
                    out.writeLong(full.freeBytes());
                }
                case TooLarge large -> {
                    out.writeByte(17);
                    out.writeLong(large.lengthBytes());
                    out.writeLong(large.limitBytes());
                }
            }
        });
    }

    static Reply decode(byte[] bytes) {
        return Fields.read("a reply", FORMAT, bytes, in -> {
            int kind = in.readUnsignedByte();
            return switch (kind) {
                case 1 -> new Done(ByteString.fromArrayUnsafe(Fields.readBytes(in)));
                case 2 -> new TryAgain(in.readUTF());
                case 3 -> new Refused(in.readBoolean(), in.readUTF());
                case 16 -> new Full(in.readUTF(), in.readUTF(), in.readLong());
                case 17 -> new TooLarge(in.readLong(), in.readLong());
                default -> throw new IOException("kind " + kind + " is not known");
            };
        });
    }
}
