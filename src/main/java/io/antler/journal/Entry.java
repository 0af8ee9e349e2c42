package io.antler.journal;

import akka.util.ByteString;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

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

    /** Of who belongs to the group. */
    sealed interface OfMembers extends Entry {}

    /** Of the snapshots of one persistent actor. */
    sealed interface OfSnapshots extends Entry {
        String persistenceId();
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

    /** The first one gives the cluster its id. */
    record Found(UUID cluster) implements OfMembers {}

    /** Records a life of a node, if none is recorded for that node, or one that was dismissed. */
    record Enlist(Member member, UUID incarnation) implements OfMembers {}

    /** Ends the membership of this life of a node. */
    record Dismiss(NodeId node, UUID incarnation) implements OfMembers {}

    /**
     * Takes the place of one with the same sequence number.
     *
     * @param snapshot encoded {@link ActorSnapshot}
     */
    record SaveSnapshot(String persistenceId, long sequenceNr, ByteString snapshot) implements OfSnapshots {}

    record DeleteSnapshots(String persistenceId, SnapshotCriteria criteria) implements OfSnapshots {}

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
                case Found(UUID cluster) -> begin(out, 11, cluster.toString());
                case Enlist(Member member, UUID incarnation) ->
                    Members.writeMember(begin(out, 12, member.node().value()), member, incarnation);
                case Dismiss(NodeId node, UUID incarnation) ->
                    Members.writeId(begin(out, 13, node.value()), incarnation);
                case SaveSnapshot save -> {
                    begin(out, 9, save.persistenceId()).writeLong(save.sequenceNr());
                    Fields.writeBytes(out, save.snapshot().toArrayUnsafe());
                }
                case DeleteSnapshots(String persistenceId, SnapshotCriteria criteria) -> {
                    begin(out, 10, persistenceId).writeLong(criteria.minSequenceNr());
                    out.writeLong(criteria.maxSequenceNr());
                    out.writeLong(criteria.minTimestamp());
                    out.writeLong(criteria.maxTimestamp());
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
                case 11 -> new Found(UUID.fromString(subject));
                case 12 -> {
                    Member member = Members.readMember(in);
                    yield new Enlist(member, Members.readId(in));
                }
                case 13 -> new Dismiss(new NodeId(subject), Members.readId(in));
                case 9 -> new SaveSnapshot(subject, in.readLong(), ByteString.fromArrayUnsafe(Fields.readBytes(in)));
                case 10 ->
                    new DeleteSnapshots(
                            subject, new SnapshotCriteria(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
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
