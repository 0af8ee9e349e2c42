package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.conf.Configuration;
import io.antler.journal.transport.Admission.Verdict;
import io.antler.journal.transport.Admission.Visitor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class NeighboursTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final UUID CLUSTER = new UUID(0, 1);
    private static final Map<NodeId, InetSocketAddress> FOUNDERS =
            Map.of(N1, address(1), N2, address(2), N3, address(3));

    @TempDir
    Path directory = Path.of("");

    private static InetSocketAddress address(int last) {
        return new InetSocketAddress(InetAddress.ofLiteral("10.0.0." + last), 9430);
    }

    private static Configuration voters(int... last) {
        var configuration = new Configuration();
        for (int each : last) {
            configuration.addPeer(AddressBook.peer(address(each)));
        }
        return configuration;
    }

    /** Whether n1, which has itself and the others of {@code recorded} in its table, admits a founder that is not in it. */
    private boolean admits(NodeId other, Configuration raft, Member... recorded) throws RocksDBException {
        var settings = new RaftSettings(N1, FOUNDERS, directory, Duration.ofSeconds(1), Duration.ofSeconds(1));
        Identity identity = Identity.claim(settings);
        try (var store = EventStore.open(directory.resolve("events"))) {
            var replica = new Replica(store, () -> 0);
            long index = 1;
            replica.onApply(new Committed(index++, new Entry.Found(CLUSTER).encoded()));
            for (Member member : recorded) {
                replica.onApply(new Committed(index++, new Entry.Enlist(member, UUID.randomUUID()).encoded()));
            }
            Members members = replica.members();
            var neighbours =
                    new Neighbours(settings, identity, members, new AddressBook(settings, members), () -> raft);
            var hello = new Hello(Optional.of(CLUSTER), other, UUID.randomUUID(), Member.Kind.VOTER, false, 0);
            var visitor = new Visitor(Optional.empty(), address(9), Set.of());

            return neighbours.admit(visitor, hello.encoded()) instanceof Verdict.Admitted;
        }
    }

    private static Member member(NodeId node, int last) {
        return new Member(node, address(last), Member.Kind.VOTER);
    }

    @Test
    void aFounderThatIsNotRecordedYetIsAdmittedWhileItIsAVoter() throws RocksDBException {
        assertTrue(admits(N3, voters(1, 2, 3), member(N1, 1), member(N2, 2)));
    }

    @Test
    void aFounderThatWasTakenOutBeforeItEverCameIsAStranger() throws RocksDBException {
        assertFalse(admits(N3, voters(1, 2), member(N1, 1), member(N2, 2)));
    }

    @Test
    void aFounderWhoseAddressIsAnotherMembersIsAStranger() throws RocksDBException {
        assertFalse(admits(N3, voters(1, 2, 3), member(N1, 1), member(new NodeId("n4"), 3)));
    }

    @Test
    void whileRaftsConfigurationIsNotKnownTheSettingsCount() throws RocksDBException {
        assertTrue(admits(N3, voters(), member(N1, 1)));
    }

    @Test
    void whoeverIsNotInTheSettingsIsAStranger() throws RocksDBException {
        assertFalse(admits(new NodeId("n5"), voters(1, 2, 3), member(N1, 1)));
    }
}
