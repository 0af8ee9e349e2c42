package io.antler.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.configuration.DifferenceRule;
import io.antler.journal.Epoch;
import io.antler.leadership.ClusterView;
import io.antler.leadership.Leadership;
import io.antler.leadership.LeadershipState;
import io.antler.master.HostStatus;
import io.antler.master.Phase;
import io.antler.master.Standing;
import io.antler.monitor.ClusterStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks Leadership what the cluster looks like: once a second for the MBean, and whenever an operator wants to know. */
final class ClusterWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final NodeSettings settings;
    private final ActorRef<Leadership.Command> leadership;
    private final ActorSystem<?> system;

    ClusterWatch(NodeSettings settings, ActorRef<Leadership.Command> leadership, ActorSystem<?> system) {
        this.settings = settings;
        this.leadership = leadership;
        this.system = system;
    }

    sealed interface Command {}

    private record Look() implements Command {}

    private record Seen(
            @Nullable ClusterStatus status, @Nullable Throwable failure) implements Command {}

    Behavior<Command> publishing() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(ClusterWatch.class);
            timers.startTimerWithFixedDelay(new Look(), INTERVAL);
            return Behaviors.receiveMessage(command -> switch (command) {
                case Look _ -> {
                    context.pipeToSelf(status(), Seen::new);
                    yield Behaviors.same();
                }
                case Seen seen -> {
                    if (seen.status() == null) {
                        context.getLog().debug("Leadership did not answer: {}", String.valueOf(seen.failure()));
                    } else {
                        context.getSystem().eventStream().tell(new EventStream.Publish<>(seen.status()));
                    }
                    yield Behaviors.same();
                }
            });
        }));
    }

    /** Fails when Leadership cannot be asked: there is no majority, or it is moving. */
    CompletionStage<ClusterStatus> status() {
        return AskPattern.<Leadership.Command, ClusterView>ask(
                        leadership, Leadership.GetView::new, ANSWER, system.scheduler())
                .thenApply(this::status)
                .exceptionally(failure -> {
                    throw new IllegalStateException(
                            "Leadership did not answer within " + ANSWER.toMillis()
                                    + " ms: is a majority of the nodes up and connected? Ask again in a few seconds.",
                            failure);
                });
    }

    private ClusterStatus status(ClusterView view) {
        LeadershipState.Leave leave = view.leave();
        Standing master = master(view);
        List<ClusterStatus.Row> rows = view.nodes().stream()
                .map(node -> row(node, view.epoch(), master))
                .toList();
        return new ClusterStatus(
                view.epoch().value(),
                view.master(),
                settings.durability(),
                settings.securityShown(),
                view.metadataId(),
                new ClusterStatus.Vip(
                        settings.serving() == null ? null : settings.vip().address(),
                        master == null ? null : master.node()),
                rows,
                leave == null ? null : ClusterStatus.Leaving.of(leave.atMillis(), leave.version()));
    }

    private ClusterStatus.Row row(ClusterView.NodeView node, Epoch current, @Nullable Standing master) {
        Standing standing = node.standing();
        if (standing == null
                || node.ageMillis() >= settings.leadership().silence().toMillis()) {
            return ClusterStatus.Row.down(node.node(), node.address(), node.votes());
        }
        List<String> alarms = new ArrayList<>(standing.alarms());
        if (master != null) {
            alarms.addAll(DifferenceRule.alarms(standing.configuration(), master.node(), master.configuration()));
        }
        return ClusterStatus.Row.of(
                node.address(), node.votes(), HostStatus.of(standing, current), alarms, standing.configuration());
    }

    /** The one that serves. */
    private static @Nullable Standing master(ClusterView view) {
        return view.nodes().stream()
                .map(ClusterView.NodeView::standing)
                .filter(standing -> standing != null
                        && standing.phase() == Phase.SERVING
                        && standing.epoch().equals(view.epoch()))
                .findFirst()
                .orElse(null);
    }
}
