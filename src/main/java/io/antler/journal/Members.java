package io.antler.journal;

import io.antler.journal.EventStore.Change;
import io.antler.journal.EventStore.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Which life of which node belongs to this cluster, as the log has it: the same on every replica. Who votes is Raft's own
 * configuration; this table says who stands behind each address of it. One thread applies; any thread asks.
 */
final class Members implements EventStore.Table {
    private static final int FORMAT = 1;
    private static final String CLUSTER = "cluster";

    private final Map<NodeId, Enlisted> enlisted = new ConcurrentHashMap<>();
    private volatile @Nullable UUID cluster;
    private volatile long revision;

    private final EventStore store;

    Members(EventStore store) throws RocksDBException {
        this.store = store;
        load();
    }

    @Override
    public void load() throws RocksDBException {
        for (byte[] bytes : store.all(Kind.CLUSTER).values()) {
            cluster = Fields.read("the cluster id", FORMAT, bytes, Members::readId);
        }
        var stored = new HashMap<NodeId, Enlisted>();
        for (byte[] bytes : store.all(Kind.MEMBER).values()) {
            Enlisted found = Enlisted.decode(bytes);
            stored.put(found.member().node(), found);
        }
        enlisted.putAll(stored); // never empty meanwhile: whoever is judged just now belongs
        enlisted.keySet().retainAll(stored.keySet());
        revision = stored.values().stream().mapToLong(Enlisted::revision).max().orElse(0);
    }

    /** What was asked for comes to one of these. */
    sealed interface Answer extends Outcome {}

    /** It is as asked for, now or since before. */
    record Recorded() implements Answer {}

    /** Nothing changed, because of what is recorded already. */
    record Otherwise(String reason) implements Answer {}

    /**
     * @param incarnation the life of its directory that is meant
     * @param dismissed it was removed; another life may take the name
     * @param revision index of the log entry that made it so
     */
    record Enlisted(Member member, UUID incarnation, boolean dismissed, long revision) {
        boolean is(NodeId node, UUID life) {
            return !dismissed && member.node().equals(node) && incarnation.equals(life);
        }

        private byte[] encoded() {
            return Fields.write(FORMAT, out -> {
                writeMember(out, member, incarnation);
                out.writeBoolean(dismissed);
                out.writeLong(revision);
            });
        }

        private static Enlisted decode(byte[] bytes) {
            return Fields.read("a member", FORMAT, bytes, in -> {
                Member member = readMember(in);
                return new Enlisted(member, readId(in), in.readBoolean(), in.readLong());
            });
        }
    }

    /** Empty until the first leader has founded it. */
    Optional<UUID> cluster() {
        return Optional.ofNullable(cluster);
    }

    /** Also of a node that was removed. */
    Optional<Enlisted> of(NodeId node) {
        return Optional.ofNullable(enlisted.get(node));
    }

    Optional<Enlisted> at(InetSocketAddress address) {
        return enlisted.values().stream()
                .filter(each -> !each.dismissed() && each.member().address().equals(address))
                .findAny();
    }

    List<Enlisted> all() {
        return List.copyOf(enlisted.values());
    }

    /** Grows with every change of the table: of two replicas the one with the higher one knows better. */
    long revision() {
        return revision;
    }

    Answer apply(long index, Entry.OfMembers entry, Change change) throws RocksDBException {
        return switch (entry) {
            case Entry.Found found -> found(found.cluster(), change);
            case Entry.Enlist enlist -> enlist(index, enlist.member(), enlist.incarnation(), change);
            case Entry.Dismiss dismiss -> dismiss(index, dismiss.node(), dismiss.incarnation(), change);
        };
    }

    private Answer found(UUID id, Change change) throws RocksDBException {
        UUID before = cluster;
        if (before != null) {
            return before.equals(id) ? new Recorded() : new Otherwise("this is cluster " + before + " already");
        }
        change.put(Kind.CLUSTER, CLUSTER, Fields.write(FORMAT, out -> writeId(out, id)));
        change.then(() -> cluster = id);
        return new Recorded();
    }

    private Answer enlist(long index, Member member, UUID incarnation, Change change) throws RocksDBException {
        Enlisted before = enlisted.get(member.node());
        if (before != null
                && before.is(member.node(), incarnation)
                && before.member().equals(member)) {
            return new Recorded();
        }
        if (before != null && !before.dismissed()) {
            return new Otherwise(before.member() + " is a member with another data directory or address");
        }
        if (before != null && before.incarnation().equals(incarnation)) {
            return new Otherwise(member.node() + " was removed with this data directory, which is not taken back");
        }
        Optional<Enlisted> there = at(member.address());
        if (there.isPresent()) {
            return new Otherwise("the address is that of " + there.get().member());
        }
        put(new Enlisted(member, incarnation, false, index), change);
        return new Recorded();
    }

    private Answer dismiss(long index, NodeId node, UUID incarnation, Change change) throws RocksDBException {
        Enlisted before = enlisted.get(node);
        if (before == null || !before.incarnation().equals(incarnation)) {
            return new Otherwise(node + " is not a member with that data directory");
        }
        if (!before.dismissed()) {
            put(new Enlisted(before.member(), incarnation, true, index), change);
        }
        return new Recorded();
    }

    private void put(Enlisted after, Change change) throws RocksDBException {
        change.put(Kind.MEMBER, after.member().node().value(), after.encoded());
        change.then(() -> {
            enlisted.put(after.member().node(), after);
            revision = after.revision();
        });
    }

    static void writeMember(DataOutputStream out, Member member, UUID incarnation) throws IOException {
        out.writeUTF(member.node().value());
        out.writeUTF(member.host());
        out.writeShort(member.address().getPort());
        out.writeByte(member.kind().code());
        writeId(out, incarnation);
    }

    static Member readMember(DataInputStream in) throws IOException {
        var node = new NodeId(in.readUTF());
        InetAddress host = InetAddress.ofLiteral(in.readUTF());
        var address = new InetSocketAddress(host, in.readUnsignedShort());
        return new Member(node, address, Member.Kind.of(in.readUnsignedByte()));
    }

    static void writeId(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    static void writeOptionalId(DataOutputStream out, Optional<UUID> id) throws IOException {
        out.writeBoolean(id.isPresent());
        if (id.isPresent()) {
            writeId(out, id.get());
        }
    }

    static Optional<UUID> readOptionalId(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(readId(in)) : Optional.empty();
    }

    static UUID readId(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
