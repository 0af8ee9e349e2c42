package io.antler.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import io.antler.master.Mandate;
import io.antler.master.MasterHost;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** In the place of the {@link MasterHost}: tells Leadership that a node is there which never becomes master. */
final class Bystander {
    sealed interface Command {}

    private record Report() implements Command {}

    private record MandateReceived(Mandate mandate) implements Command {}

    private Bystander() {}

    static Behavior<Command> create(NodeId self, NodeKind kind, Duration interval, MasterHost.Reporter leadership) {
        Phase phase = kind == NodeKind.WITNESS ? Phase.WITNESS : Phase.METALOGGER;
        var standing = new Standing(self, phase, Epoch.NONE, -1, -1, false, null);
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorRef<Mandate> mandates = context.messageAdapter(Mandate.class, MandateReceived::new);
            timers.startTimerAtFixedRate(new Report(), interval);
            return reporting(context, standing, () -> leadership.report(standing, mandates), null);
        }));
    }

    private static Behavior<Command> reporting(
            ActorContext<Command> context, Standing standing, Runnable report, @Nullable Mandate known) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Report _ -> {
                report.run();
                context.getSystem().eventStream().tell(new EventStream.Publish<>(status(standing, known)));
                yield Behaviors.same();
            }
            case MandateReceived received
            when known == null || received.mandate().epoch().compareTo(known.epoch()) >= 0 ->
                reporting(context, standing, report, received.mandate());
            case MandateReceived _ -> Behaviors.same(); // overtaken on the way
        });
    }

    private static HostStatus status(Standing standing, @Nullable Mandate known) {
        HostStatus alone = HostStatus.of(standing, Epoch.NONE);
        return known == null
                ? alone
                : new HostStatus(
                        alone.node(),
                        alone.role(),
                        null,
                        known.epoch(),
                        alone.journaled(),
                        alone.replayed(),
                        known.master(),
                        false,
                        known.metadataId(),
                        null);
    }
}
