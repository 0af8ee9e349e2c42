package io.antler.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.leadership.ClusterView;
import io.antler.leadership.Leadership;
import io.antler.master.Mandate;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LeadershipPathTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final NodeId A = new NodeId("a");

    private final TestProbe<Received> proxies = KIT.createTestProbe();
    private final TestProbe<Mandate> host = KIT.createTestProbe();

    private record Received(int proxy, Leadership.Command command) {}

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private ActorRef<Leadership.Command> proxy(ActorContext<?> parent, int number) {
        return parent.spawn(
                Behaviors.receiveMessage(command -> {
                    proxies.getRef().tell(new Received(number, command));
                    return Behaviors.same();
                }),
                "proxy-" + number);
    }

    private void answer(Received look) {
        if (look.command() instanceof Leadership.GetView getView) {
            getView.replyTo().tell(new ClusterView(Epoch.NONE, null, null, A, "", List.of(), null));
        }
    }

    @Test
    void aProxyThroughWhichSomebodyAnswersStaysAndAnotherIsReplaced() {
        var path = KIT.spawn(LeadershipPath.create(this::proxy, Duration.ofMillis(20)));
        for (int look = 0; look < 10; look++) {
            Received received = proxies.receiveMessage();
            assertEquals(1, received.proxy());
            answer(received);
        }

        Received unanswered = proxies.receiveMessage();
        while (unanswered.proxy() == 1) { // each receive has its own time limit
            unanswered = proxies.receiveMessage();
        }
        assertEquals(2, unanswered.proxy());
        answer(unanswered);
        var report =
                new Leadership.Report(new Standing(A, Phase.WAITING, Epoch.NONE, -1, -1, false, null), host.getRef());
        path.tell(report);

        Received received = proxies.receiveMessage();
        while (!received.command().equals(report)) {
            answer(received);
            received = proxies.receiveMessage();
        }
        assertEquals(2, received.proxy());
        KIT.stop(path);
    }
}
