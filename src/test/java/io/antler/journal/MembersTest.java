package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Members.Otherwise;
import io.antler.journal.Members.Recorded;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class MembersTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final UUID LIFE = new UUID(1, 1);
    private static final UUID OTHER_LIFE = new UUID(1, 2);

    private final EventStore store;
    private Members members;
    private long index;

    MembersTest(@TempDir Path directory) throws RocksDBException {
        store = EventStore.open(directory);
        members = new Members(store);
    }

    @BeforeEach
    void begin() throws RocksDBException {
        assertInstanceOf(Recorded.class, apply(new Entry.Found(new UUID(0, 1))));
    }

    @AfterEach
    void close() throws RocksDBException {
        store.close();
    }

    private static Member member(String node, int last) {
        var address = new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + last), 9430);
        return new Member(new NodeId(node), address, Member.Kind.VOTER);
    }

    private Members.Answer apply(Entry.OfMembers entry) throws RocksDBException {
        try (EventStore.Change change = store.change()) {
            Members.Answer answer = members.apply(++index, entry, change);
            change.store(index);
            return answer;
        }
    }

    @Test
    void theFirstIdOfTheClusterStays() throws RocksDBException {
        assertInstanceOf(Otherwise.class, apply(new Entry.Found(new UUID(0, 2))));

        assertEquals(Optional.of(new UUID(0, 1)), members.cluster());
    }

    @Test
    void aLifeIsRecordedOnceAndAnotherOnlyAfterItsDismissal() throws RocksDBException {
        assertInstanceOf(Recorded.class, apply(new Entry.Enlist(member("n1", 1), LIFE)));
        long revision = members.revision();
        assertInstanceOf(Recorded.class, apply(new Entry.Enlist(member("n1", 1), LIFE)));
        assertEquals(revision, members.revision());
        assertInstanceOf(Otherwise.class, apply(new Entry.Enlist(member("n1", 1), OTHER_LIFE)));
        assertInstanceOf(Otherwise.class, apply(new Entry.Enlist(member("n1", 9), LIFE)));
        assertInstanceOf(Otherwise.class, apply(new Entry.Dismiss(N1, OTHER_LIFE)));

        assertInstanceOf(Recorded.class, apply(new Entry.Dismiss(N1, LIFE)));

        assertInstanceOf(Otherwise.class, apply(new Entry.Enlist(member("n1", 1), LIFE)));
        assertInstanceOf(Recorded.class, apply(new Entry.Enlist(member("n1", 1), OTHER_LIFE)));
        assertTrue(members.revision() > revision);
    }

    @Test
    void anAddressBelongsToOneNode() throws RocksDBException {
        apply(new Entry.Enlist(member("n1", 1), LIFE));

        assertInstanceOf(Otherwise.class, apply(new Entry.Enlist(member("n2", 1), OTHER_LIFE)));
        apply(new Entry.Dismiss(N1, LIFE));
        assertInstanceOf(Recorded.class, apply(new Entry.Enlist(member("n2", 1), OTHER_LIFE)));
    }

    @Test
    void aRestartedReplicaKnowsTheSame() throws RocksDBException {
        apply(new Entry.Enlist(member("n1", 1), LIFE));
        apply(new Entry.Enlist(member("n2", 2), OTHER_LIFE));
        apply(new Entry.Dismiss(N1, LIFE));
        Members before = members;

        members = new Members(store);

        assertEquals(before.cluster(), members.cluster());
        assertEquals(before.revision(), members.revision());
        assertEquals(before.of(N1), members.of(N1));
        assertTrue(members.of(N1).orElseThrow().dismissed());
        assertEquals(before.of(new NodeId("n2")), members.of(new NodeId("n2")));
    }
}
