package io.antler.journal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One entry of the Raft log. A stored format: a kind is only added, never given another meaning. */
sealed interface Entry {
    String persistenceId();

    /**
     * Events first, first + 1, …, all or none.
     *
     * @param writer {@link Epoch#NONE} for events that are not {@link Fenced}
     * @param events encoded {@link Envelope}s, at least one
     */
    record Append(String persistenceId, Epoch writer, long first, List<byte[]> events) implements Entry {
        public Append {
            events = List.copyOf(events);
        }
    }

    record TakeOver(String persistenceId, Epoch epoch) implements Entry {}

    record RenewLease(String persistenceId, Epoch epoch) implements Entry {}

    record ReleaseLease(String persistenceId, Epoch epoch) implements Entry {}

    /** @param last highest sequence number to delete; what is above the highest stored one is not deleted in advance */
    record DeleteTo(String persistenceId, long last) implements Entry {}

    int FORMAT = 1;

    default byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            switch (this) {
                case Append append -> {
                    begin(out, 1);
                    out.writeLong(append.writer().value());
                    out.writeLong(append.first());
                    out.writeInt(append.events().size());
                    for (byte[] event : append.events()) {
                        Fields.writeBytes(out, event);
                    }
                }
                case TakeOver takeOver ->
                    begin(out, 2).writeLong(takeOver.epoch().value());
                case RenewLease renew -> begin(out, 3).writeLong(renew.epoch().value());
                case ReleaseLease release ->
                    begin(out, 4).writeLong(release.epoch().value());
                case DeleteTo delete -> begin(out, 5).writeLong(delete.last());
            }
        });
    }

    private DataOutputStream begin(DataOutputStream out, int kind) throws IOException {
        out.writeByte(kind);
        out.writeUTF(persistenceId());
        return out;
    }

    static Entry decode(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return Fields.read("a log entry", FORMAT, bytes, in -> {
            int kind = in.readUnsignedByte();
            String persistenceId = in.readUTF();
            return switch (kind) {
                case 1 -> new Append(persistenceId, epoch(in), in.readLong(), events(in));
                case 2 -> new TakeOver(persistenceId, epoch(in));
                case 3 -> new RenewLease(persistenceId, epoch(in));
                case 4 -> new ReleaseLease(persistenceId, epoch(in));
                case 5 -> new DeleteTo(persistenceId, in.readLong());
                default -> throw new IOException("kind " + kind + " is not known");
            };
        });
    }

    private static Epoch epoch(DataInputStream in) throws IOException {
        return new Epoch(in.readLong());
    }

    private static List<byte[]> events(DataInputStream in) throws IOException {
        int count = in.readInt();
        var events = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            events.add(Fields.readBytes(in));
        }
        return events;
    }
}
