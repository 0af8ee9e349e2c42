package io.antler.journal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One entry of the Raft log. A stored format: a kind is only added, never given another meaning. */
sealed interface Entry {
    /** Of the events of one persistence id, and of the right to write them. */
    sealed interface OfEvents extends Entry {
        String persistenceId();
    }

    /** Of one {@link SideLease}. */
    sealed interface OfSideLease extends Entry {
        String name();
    }

    /**
     * Events first, first + 1, …, all or none.
     *
     * @param writer {@link Epoch#NONE} for events that are not {@link Fenced}
     * @param events encoded {@link Envelope}s, at least one
     */
    record Append(String persistenceId, Epoch writer, long first, List<byte[]> events) implements OfEvents {
        public Append {
            events = List.copyOf(events);
        }
    }

    record TakeOver(String persistenceId, Epoch epoch) implements OfEvents {}

    record RenewLease(String persistenceId, Epoch epoch) implements OfEvents {}

    record ReleaseLease(String persistenceId, Epoch epoch) implements OfEvents {}

    /** @param last highest sequence number to delete; what is above the highest stored one is not deleted in advance */
    record DeleteTo(String persistenceId, long last) implements OfEvents {}

    /** @param seen the last turn that the taker saw and that has run out on its own clock; -1 when there is none */
    record TakeSideLease(String name, String owner, long seen) implements OfSideLease {}

    record RenewSideLease(String name, String owner) implements OfSideLease {}

    /**
     * @param last the last turn that the owner knows of: a repetition that comes late must not end what the same owner
     *     acquired later
     */
    record ReleaseSideLease(String name, String owner, long last) implements OfSideLease {}

    int FORMAT = 1;

    default byte[] encoded() {
        return Fields.write(FORMAT, out -> {
            switch (this) {
                case Append append -> {
                    begin(out, 1, append.persistenceId());
                    out.writeLong(append.writer().value());
                    out.writeLong(append.first());
                    out.writeInt(append.events().size());
                    for (byte[] event : append.events()) {
                        Fields.writeBytes(out, event);
                    }
                }
                case TakeOver(String persistenceId, Epoch epoch) ->
                    begin(out, 2, persistenceId).writeLong(epoch.value());
                case RenewLease(String persistenceId, Epoch epoch) ->
                    begin(out, 3, persistenceId).writeLong(epoch.value());
                case ReleaseLease(String persistenceId, Epoch epoch) ->
                    begin(out, 4, persistenceId).writeLong(epoch.value());
                case DeleteTo(String persistenceId, long last) ->
                    begin(out, 5, persistenceId).writeLong(last);
                case TakeSideLease take -> {
                    begin(out, 6, take.name()).writeUTF(take.owner());
                    out.writeLong(take.seen());
                }
                case RenewSideLease(String name, String owner) ->
                    begin(out, 7, name).writeUTF(owner);
                case ReleaseSideLease release -> {
                    begin(out, 8, release.name()).writeUTF(release.owner());
                    out.writeLong(release.last());
                }
            }
        });
    }

    private static DataOutputStream begin(DataOutputStream out, int kind, String subject) throws IOException {
        out.writeByte(kind);
        out.writeUTF(subject);
        return out;
    }

    static Entry decode(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return Fields.read("a log entry", FORMAT, bytes, in -> {
            int kind = in.readUnsignedByte();
            String subject = in.readUTF();
            return switch (kind) {
                case 1 -> new Append(subject, epoch(in), in.readLong(), events(in));
                case 2 -> new TakeOver(subject, epoch(in));
                case 3 -> new RenewLease(subject, epoch(in));
                case 4 -> new ReleaseLease(subject, epoch(in));
                case 5 -> new DeleteTo(subject, in.readLong());
                case 6 -> new TakeSideLease(subject, in.readUTF(), in.readLong());
                case 7 -> new RenewSideLease(subject, in.readUTF());
                case 8 -> new ReleaseSideLease(subject, in.readUTF(), in.readLong());
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
