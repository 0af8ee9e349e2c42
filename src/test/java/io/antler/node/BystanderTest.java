package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.Mandate;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BystanderTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final NodeId WITNESS = new NodeId("w");

    private final TestProbe<Standing> leadership = KIT.createTestProbe();
    private final TestProbe<Mandate> heard = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private Standing reported(Supplier<CompletionStage<Long>> replica, Mandate mandate, long version) {
        var bystander = KIT.spawn(Bystander.create(
                WITNESS,
                NodeKind.WITNESS,
                Duration.ofMillis(10),
                replica,
                (standing, host) -> {
                    leadership.getRef().tell(standing);
                    host.tell(mandate);
                },
                heard.getRef()::tell));
        Standing standing = leadership.receiveMessage();
        while (standing.journaled() != version) { // each receive has its own time limit
            standing = leadership.receiveMessage();
        }
        assertEquals(mandate, heard.receiveMessage());
        KIT.stop(bystander);
        return standing;
    }

    private static Mandate adopted(long checkpoint) {
        return new Mandate(new Epoch(1), new NodeId("a"), "00", checkpoint, "sha", new NodeId("a"), true);
    }

    @Test
    void itTellsTheVersionOfItsReplica() {
        var expected = new Standing(WITNESS, Phase.WITNESS, Epoch.NONE, -1, 120_007, false, null);

        assertEquals(expected, reported(() -> CompletableFuture.completedFuture(120_007L), adopted(100_000), 120_007));
    }

    @Test
    void beforeTheFirstChangeThatIsTheVersionThatWasAdopted() {
        var expected = new Standing(WITNESS, Phase.WITNESS, Epoch.NONE, -1, 100_000, false, null);

        assertEquals(expected, reported(() -> CompletableFuture.completedFuture(-1L), adopted(100_000), 100_000));
    }

    @Test
    void aReplicaThatCannotBeReadDoesNotStopTheReports() {
        var failed = CompletableFuture.<Long>failedFuture(new IllegalStateException("closed"));

        assertEquals(-1, reported(() -> failed, adopted(-1), -1).journaled());
    }
}
