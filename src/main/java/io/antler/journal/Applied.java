package io.antler.journal;

import akka.util.ByteString;
import io.antler.journal.Fence.Verdict;
import java.io.IOException;

/**
 * What one log entry came to; the same on every replica.
 *
 * @param index of the entry in the Raft log
 */
record Applied(long index, Verdict verdict) {
    private static final int FORMAT = 1;

    byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            out.writeLong(index);
            switch (verdict) {
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
            }
        });
    }

    static Applied decode(ByteString bytes) {
        return Fields.read("an answer", FORMAT, bytes.toArrayUnsafe(), in -> {
            long index = in.readLong();
            int kind = in.readUnsignedByte();
            long first = in.readLong();
            long second = in.readLong();
            return new Applied(
                    index,
                    switch (kind) {
                        case 1 -> new Verdict.Accepted(new Fence(new Epoch(first), second));
                        case 2 -> new Verdict.OlderEpoch(new Epoch(first), new Epoch(second));
                        case 3 -> new Verdict.OutOfSequence(first, second);
                        default -> throw new IOException("kind " + kind + " is not known");
                    });
        });
    }
}
