package io.antler.journal;

import static io.antler.journal.TestGroup.event;
import static io.antler.journal.TestGroup.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real peers that join, leave, and come back as somebody else. */
class MembershipTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final NodeId N4 = new NodeId("n4");

    @TempDir
    Path directory = Path.of("");

    private static void append(RaftGroup node, int sequenceNr) {
        Await.of(node.append("p", Epoch.NONE, sequenceNr, List.of(event("e" + sequenceNr))));
    }

    private static List<String> read(RaftGroup node) {
        Await.of(node.barrier());
        return texts(Await.of(node.events("p", 1, 99, 99)));
    }

    private static CompletableFuture<JournalUnusable> unusable(RaftGroup node) {
        var failure = new CompletableFuture<JournalUnusable>();
        node.onUnusable(failure::complete);
        return failure;
    }

    private static void assertSays(String hint, CompletableFuture<JournalUnusable> failure) {
        String message = String.valueOf(Await.of(failure).getMessage());
        assertTrue(message.contains(hint), message);
    }

    @Test
    void theFoundersAgreeOnOneClusterAndHaveThemselvesRecorded() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();

            assertEquals(
                    1,
                    group.running().stream().map(RaftGroup::cluster).distinct().count());
            group.awaitMembers("n1", "n2", "n3");
        }
    }

    @Test
    void aFourthNodeJoinsAndItsVoteCountsAlsoAfterARestartOfAllWithTheOldNodesConfigured() {
        try (var group = TestGroup.start(directory, 3)) {
            append(group.follower(), 1);

            RaftSettings fourth = group.newcomer(N4, Member.Kind.VOTER, "n4", TestGroup.freeAddress());
            RaftGroup joined = group.start(fourth);
            group.awaitMembers("n1", "n2", "n3", "n4");

            assertEquals(List.of("1:e1"), read(joined));
            for (NodeId node : List.of(N1, N2, N3, N4)) {
                group.stop(node);
            }
            List.of(N1, N2).forEach(group::start);
            group.start(fourth);
            append(group.awaitLeader(), 2);
            group.awaitMembers("n1", "n2", "n3", "n4");
        }
    }

    @Test
    void aLostDirectoryIsReplacedByAnEmptyOneWhichThenCounts() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            append(group.awaitLeader(), 1);
            group.stop(N2);

            RaftGroup replaced = group.start(group.newcomer(N2, Member.Kind.VOTER, "n2-new", group.address(N2)));
            Await.until("it is recorded", replaced::enrolled);
            group.awaitMembers("n1", "n2", "n3");

            assertEquals(List.of("1:e1"), read(replaced));
            group.stop(N1);
            append(replaced, 2);
        }
    }

    @Test
    void anEmptyDirectoryUnderAMembersNameIsRefusedUnlessItJoins() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            group.stop(N2);
            RaftSettings amnesiac = group.settings(N2, "n2-new");

            assertSays("antler node --join", unusable(group.start(amnesiac)));

            group.stop(N2);
            group.start(N2);
            append(group.get(N2), 1);
        }
    }

    @Test
    void whoeverForgotWhatItPromisedHelpsToNoMajority() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            NodeId leader = group.awaitLeader().self();
            RaftGroup left = group.follower();
            NodeId third = List.of(N1, N2, N3).stream()
                    .filter(node -> !node.equals(leader) && !node.equals(left.self()))
                    .findAny()
                    .orElseThrow();
            group.stop(leader);
            group.stop(third);

            group.start(group.settings(third, "lost"));

            assertThrows(OutcomeNotKnown.class, () -> append(left, 1));
            assertFalse(Await.of(left.confirmedLeader()));
        }
    }

    @Test
    void theDirectoryOfAnotherClusterIsRefusedAndBothAreLeftAsTheyWere() {
        try (var group = TestGroup.start(directory.resolve("ours"), 3)) {
            group.awaitRecorded();
            append(group.awaitLeader(), 1);
            try (var other = group.twin(directory.resolve("theirs"))) {
                List.of(N1, N2, N3).forEach(group::stop);
                List.of(N1, N2, N3).forEach(other::start);
                other.awaitRecorded();
                for (int i = 1; i <= 5; i++) {
                    append(other.awaitLeader(), i);
                }
            }
            List.of(N1, N2).forEach(group::start);
            group.awaitLeader();

            var foreign = unusable(group.start(group.settings(N3, "../theirs/n3")));

            assertSays("cluster", foreign);
            append(group.get(N1), 2);
            assertEquals(List.of("1:e1", "2:e2"), read(group.get(N1)));
            group.stop(N3);
            group.start(N3);
            assertEquals(List.of("1:e1", "2:e2"), read(group.get(N3)));
        }
    }

    @Test
    void aNodeThatNobodyAskedInIsRefused() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            var members = new java.util.HashMap<>(group.settings(N1).members());
            members.put(N4, TestGroup.freeAddress());

            RaftGroup stranger = group.start(new RaftSettings(
                    N4,
                    members,
                    directory.resolve("n4"),
                    group.settings(N1).electionTimeout(),
                    group.settings(N1).timeout()));

            assertSays("antler node --join", unusable(stranger));
            group.stop(N4);
        }
    }

    @Test
    void theNameOfANodeThatRunsIsNotGivenToAnother() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            RaftGroup second = group.get(N2);

            RaftGroup other = RaftGroup.start(group.newcomer(N2, Member.Kind.VOTER, "n2-new", TestGroup.freeAddress()));

            try (other) {
                assertSays("first antler remove n2", unusable(other));
            }
            append(second, 1);
        }
    }

    @Test
    void aRemovedFollowerNoticesAndItsDirectoryIsRefusedFromThenOn() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            RaftGroup gone = group.follower();
            RaftSettings settings = group.settings(gone.self());
            var unusable = unusable(gone);

            Await.of(gone.remove(gone.self()));

            assertSays("was removed", unusable);
            group.stop(gone.self());
            var refused = assertThrows(JournalUnusable.class, () -> RaftGroup.start(settings));
            assertTrue(String.valueOf(refused.getMessage()).contains("was removed"), refused.getMessage());
            append(group.awaitLeader(), 1);
            assertEquals(2, group.awaitLeader().members().size());
        }
    }

    @Test
    void theLeaderIsRemovedAfterItHasHandedOver() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            RaftGroup leader = group.awaitLeader();
            var unusable = unusable(leader);

            Await.of(group.follower().remove(leader.self()));

            assertSays("was removed", unusable);
            group.stop(leader.self());
            append(group.awaitLeader(), 1);
        }
    }

    @Test
    void aRemovalThatWouldLeaveNoMajorityIsRefusedAndTheLastOneStays() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            RaftGroup leader = group.awaitLeader();
            List<NodeId> followers = group.running().stream()
                    .map(RaftGroup::self)
                    .filter(node -> !node.equals(leader.self()))
                    .toList();
            group.stop(followers.getFirst());
            var none = assertThrows(ChangeRefused.class, () -> Await.of(leader.remove(followers.getLast())));
            assertTrue(String.valueOf(none.getMessage()).contains("no majority"), none.getMessage());

            Await.of(leader.remove(followers.getFirst()));
            Await.of(leader.remove(followers.getFirst())); // again: nothing to do
            assertThrows(ChangeRefused.class, () -> Await.of(leader.remove(N4)));
            Await.of(leader.remove(followers.getLast()));
            var last = assertThrows(ChangeRefused.class, () -> Await.of(leader.remove(leader.self())));

            assertTrue(String.valueOf(last.getMessage()).contains("the last one"), last.getMessage());
            append(leader, 1);
        }
    }

    @Test
    void aLearnerHasEveryEventMayProposeButDecidesNothing() {
        try (var group = TestGroup.start(directory, 3)) {
            append(group.awaitLeader(), 1);
            var name = new NodeId("log1");
            RaftGroup learner = group.start(group.newcomer(name, Member.Kind.LEARNER, "log1", TestGroup.freeAddress()));
            group.awaitMembers("log1*", "n1", "n2", "n3");

            append(learner, 2);

            assertEquals(List.of("1:e1", "2:e2"), read(learner));
            group.stop(N1);
            group.stop(N2);
            assertThrows(OutcomeNotKnown.class, () -> append(group.get(N3), 3));
            assertFalse(Await.of(learner.confirmedLeader()));
            group.start(N1);
            append(learner, 3);

            Await.of(learner.remove(name));
            assertSays("was removed", unusable(learner));
        }
    }

    @Test
    void whoeverJoinsWhileTheLeaderFailsIsTakenInByTheNextOne() {
        try (var group = TestGroup.start(directory, 3)) {
            group.awaitRecorded();
            NodeId leader = group.awaitLeader().self();

            RaftGroup joining = group.start(group.newcomer(N4, Member.Kind.VOTER, "n4", TestGroup.freeAddress()));
            group.stop(leader);
            Await.until("it is recorded", joining::enrolled);

            group.start(leader);
            group.awaitMembers("n1", "n2", "n3", "n4");
            append(joining, 1);
        }
    }
}
