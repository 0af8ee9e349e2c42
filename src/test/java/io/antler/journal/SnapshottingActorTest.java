package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import io.antler.lab.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event-sourced actor that takes snapshots and deletes the events before them, on whatever node it runs. */
class SnapshottingActorTest {
    record Add(long amount, ActorRef<Long> replyTo) {}

    record Added(long amount) implements CborEncoded {}

    record Total(long sum) implements CborEncoded {}

    private static final class Sum extends EventSourcedBehavior<Add, Added, Total> {
        private final ActorRef<String> replayed;

        Sum(ActorRef<String> replayed) {
            super(PersistenceId.ofUniqueId("sum"));
            this.replayed = replayed;
        }

        @Override
        public Total emptyState() {
            return new Total(0);
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(10, 1).withDeleteEventsOnSnapshot();
        }

        @Override
        public CommandHandler<Add, Added, Total> commandHandler() {
            return (_, add) -> Effect().persist(new Added(add.amount())).thenReply(add.replyTo(), total -> total.sum());
        }

        @Override
        public EventHandler<Total, Added> eventHandler() {
            return (total, added) -> {
                replayed.tell("event");
                return new Total(total.sum() + added.amount());
            };
        }
    }

    private static ActorTestKit kit(RaftGroup node) {
        return ActorTestKit.create(
                ActorSystem.wrap(akka.actor.ActorSystem.create("on-" + node.self(), RaftJournalTest.setup(node))));
    }

    private static long add(ActorTestKit kit, ActorRef<Add> sum, long amount) {
        TestProbe<Long> replies = kit.createTestProbe();
        sum.tell(new Add(amount, replies.getRef()));
        return replies.receiveMessage();
    }

    @Test
    void itRecoversFromItsSnapshotOnAnotherNode(@TempDir Path directory) {
        try (var group = TestGroup.start(directory, 3)) {
            RaftGroup node = group.follower();
            ActorTestKit first = kit(node);
            var sum = first.spawn(new Sum(first.system().ignoreRef()));
            for (int i = 1; i <= 35; i++) {
                assertEquals(i, add(first, sum, 1));
            }
            Await.until(
                    "the events before the last but one snapshot are deleted",
                    () -> Await.of(node.events("sum", 1, 100, 100)).getFirst().sequenceNr() > 10);
            first.shutdownTestKit();
            group.stop(node.self());

            RaftGroup other = group.follower();
            ActorTestKit second = kit(other);
            TestProbe<String> replayed = second.createTestProbe();
            assertEquals(36, add(second, second.spawn(new Sum(replayed.getRef())), 1));

            List<String> handled = replayed.receiveSeveralMessages(6);
            assertTrue(handled.size() == 6, "five events after the snapshot at 30, and the new one");
            replayed.expectNoMessage();
            second.shutdownTestKit();
        }
    }
}
