package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import io.antler.lab.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event-sourced actors on the journal, as Antler's own are. */
class PersistentActorTest {
    private static TestGroup group;
    private static ActorTestKit kit;

    @BeforeAll
    static void start(@TempDir Path directory) {
        group = TestGroup.start(directory, 1);
        kit = ActorTestKit.create(akka.actor.typed.ActorSystem.wrap(
                akka.actor.ActorSystem.create("typed", RaftJournalTest.setup(group.awaitLeader()))));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
        group.close();
    }

    record Add(Epoch epoch, long amount, ActorRef<Long> replyTo) {}

    record Added(Epoch epoch, long amount) implements CborEncoded, Fenced {}

    private static final class Sum extends EventSourcedBehavior<Add, Added, Long> {
        private final boolean recovering;

        Sum(String name, boolean recovering) {
            super(PersistenceId.ofUniqueId(name));
            this.recovering = recovering;
        }

        static Behavior<Add> create(String name, boolean recovering) {
            return new Sum(name, recovering);
        }

        @Override
        public Recovery recovery() {
            return recovering ? super.recovery() : Recovery.disabled();
        }

        @Override
        public Long emptyState() {
            return 0L;
        }

        @Override
        public CommandHandler<Add, Added, Long> commandHandler() {
            return (_, add) ->
                    Effect().persist(new Added(add.epoch(), add.amount())).thenReply(add.replyTo(), sum -> sum);
        }

        @Override
        public EventHandler<Long, Added> eventHandler() {
            return (sum, added) -> sum + added.amount();
        }
    }

    private TestProbe<Long> replies;

    @BeforeEach
    void probe() {
        replies = kit.createTestProbe();
    }

    private long add(ActorRef<Add> sum, long amount) {
        sum.tell(new Add(new Epoch(1), amount, replies.getRef()));
        return replies.receiveMessage();
    }

    @Test
    void anActorRecoversItsStateAndGoesOn() {
        var first = kit.spawn(Sum.create("sum", true));
        add(first, 3);
        add(first, 4);
        kit.stop(first);

        assertEquals(12, add(kit.spawn(Sum.create("sum", true)), 5));
    }

    @Test
    void anActorThatReplaysNothingGoesOnWithTheNextNumber() {
        var first = kit.spawn(Sum.create("blind", true));
        add(first, 3);
        kit.stop(first);

        assertEquals(5, add(kit.spawn(Sum.create("blind", false)), 5));

        assertEquals(2, group.awaitLeader().fence("blind").highest());
    }

    @Test
    void anActorOfARefusedEpochStops() {
        var sum = kit.spawn(Sum.create("fenced", true));
        add(sum, 3);
        Await.of(group.awaitLeader().takeOver("fenced", new Epoch(2)));

        sum.tell(new Add(new Epoch(1), 4, replies.getRef()));

        replies.expectTerminated(sum);
        assertEquals(1, group.awaitLeader().fence("fenced").highest());
    }
}
