package io.antler.journal;

import akka.util.ByteString;
import io.antler.journal.Fence.Verdict;
import java.io.DataInputStream;
import java.io.IOException;

/**
 * What one log entry came to; the same on every replica.
 *
 * @param index of the entry in the Raft log
 */
record Applied(long index, Outcome outcome) {
    private static final int FORMAT = 1;

    byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            out.writeLong(index);
            switch (outcome) {
                case Verdict.Accepted accepted -> {
                    out.writeByte(1);
                    out.writeLong(accepted.after().epoch().value());
                    out.writeLong(accepted.after().highest());
                }
                case Verdict.OlderEpoch older -> {
                    out.writeByte(2);
                    out.writeLong(older.epoch().value());
                    out.writeLong(older.current().value());
                }
                case Verdict.OutOfSequence other -> {
                    out.writeByte(3);
                    out.writeLong(other.sequenceNr());
                    out.writeLong(other.expected());
                }
                case SideLeases.Taken(long turn) -> {
                    out.writeByte(4);
                    out.writeLong(turn);
                }
                case SideLeases.HeldBy(String owner, long turn) -> {
                    out.writeByte(5);
                    out.writeLong(turn);
                    out.writeUTF(owner);
                }
                case Members.Recorded() -> out.writeByte(11);
                case Members.Otherwise(String reason) -> {
                    out.writeByte(12);
                    out.writeUTF(reason);
                }
                case ActorSnapshots.Changed(int count) -> {
                    out.writeByte(9);
                    out.writeInt(count);
                }
            }
        });
    }

    static Applied decode(ByteString bytes) {
        return Fields.read("an answer", FORMAT, bytes.toArrayUnsafe(), in -> {
            long index = in.readLong();
            int kind = in.readUnsignedByte();
            return new Applied(
                    index,
                    switch (kind) {
                        case 1 -> new Verdict.Accepted(new Fence(epoch(in), in.readLong()));
                        case 2 -> new Verdict.OlderEpoch(epoch(in), epoch(in));
                        case 3 -> new Verdict.OutOfSequence(in.readLong(), in.readLong());
                        case 4 -> new SideLeases.Taken(in.readLong());
                        case 5 -> {
                            long turn = in.readLong();
                            yield new SideLeases.HeldBy(in.readUTF(), turn);
                        }
                        case 11 -> new Members.Recorded();
                        case 12 -> new Members.Otherwise(in.readUTF());
                        case 9 -> new ActorSnapshots.Changed(in.readInt());
                        default -> throw new IOException("kind " + kind + " is not known");
                    });
        });
    }

    private static Epoch epoch(DataInputStream in) throws IOException {
        return new Epoch(in.readLong());
    }
}
