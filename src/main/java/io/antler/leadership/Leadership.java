package io.antler.leadership;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.pattern.StatusReply;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.antler.invariant.Invariant;
import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.Member;
import io.antler.journal.NodeId;
import io.antler.leadership.AppointmentRule.Decision;
import io.antler.leadership.AppointmentRule.Heard;
import io.antler.leadership.AppointmentRule.View;
import io.antler.leadership.LeadershipState.Adoption;
import io.antler.master.Mandate;
import io.antler.master.Phase;
import io.antler.master.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Appoints masters. A cluster singleton; what it decided is its history in the journal, what it heard is soft. Two of
 * them cannot both decide: the journal refuses the second event with the same number.
 *
 * <p>Lost messages need no care: every report is answered with what holds now.
 */
public final class Leadership extends EventSourcedBehavior<Leadership.Command, Leadership.Event, LeadershipState> {
    public static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("leadership");

    public sealed interface Command {}

    /** @param host gets the mandate, now and whenever it changes */
    public record Report(Standing standing, ActorRef<Mandate> host) implements Command, CborEncoded {}

    /**
     * The file system to serve, once and for all.
     *
     * @param version metadata version of the image
     * @param sha256 of the image, 64 hexadecimal digits
     * @param holder the node that has it as a checkpoint already
     */
    public record Adopt(
            String metadataId, long version, String sha256, NodeId holder, ActorRef<StatusReply<Done>> replyTo)
            implements Command, CborEncoded {}

    /** The master is to hand everything over, and nobody to follow it. Until it has, one that dies is still replaced. */
    public record Leave(ActorRef<StatusReply<Done>> replyTo) implements Command, CborEncoded {}

    /** Somebody is to serve again; answered alike if nobody wants to leave. */
    public record CancelLeave(ActorRef<StatusReply<Done>> replyTo) implements Command, CborEncoded {}

    public record GetView(ActorRef<ClusterView> replyTo) implements Command, CborEncoded {}

    private enum Tick implements Command {
        TICK
    }

    public sealed interface Event extends CborEncoded {}

    public record Adopted(String metadataId, long version, String sha256, NodeId holder) implements Event {}

    /** @param atMillis wall clock, since 1970: for people, nothing is computed from it */
    public record MasterAppointed(Epoch epoch, NodeId node, String reason, long atMillis) implements Event {}

    /** @param atMillis as above, like that of the following */
    public record LeaveRequested(long atMillis) implements Event {}

    /** @param version metadata version of the master when it had journaled everything and let go of the address */
    public record MasterDrained(Epoch epoch, NodeId node, long version, long atMillis) implements Event {}

    public record LeaveCancelled(long atMillis) implements Event {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final LeadershipSettings settings;
    private final LongSupplier clock;
    private final Supplier<List<Member>> members;
    private final Map<NodeId, ActorRef<Mandate>> hosts = new HashMap<>();
    private Hearings hearings;
    private @Nullable Epoch noticed;

    /**
     * A failure of the journal, a second instance that was faster, or a broken invariant starts it again from the
     * journal.
     *
     * @param members who is in the journal's group now, the preferred ones first; its voters are the nodes of
     *     {@code settings}
     * @param clock nanoseconds of {@code CLOCK_BOOTTIME}
     */
    public static Behavior<Command> create(
            LeadershipSettings settings, Supplier<List<Member>> members, LongSupplier clock) {
        return Behaviors.supervise(Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> new Leadership(context, timers, settings, members, clock))))
                .onFailure(RuntimeException.class, startsAgain());
    }

    private static BackoffSupervisorStrategy startsAgain() {
        return SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2)
                .withLogLevel(Level.WARN);
    }

    private Leadership(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            LeadershipSettings settings,
            Supplier<List<Member>> members,
            LongSupplier clock) {
        super(PERSISTENCE_ID, startsAgain());
        this.context = context;
        context.setLoggerName(Leadership.class);
        this.timers = timers;
        this.settings = settings;
        this.members = members;
        this.clock = clock;
        this.hearings = new Hearings(settings.silence(), clock.getAsLong());
    }

    @Override
    public LeadershipState emptyState() {
        return LeadershipState.EMPTY;
    }

    @Override
    public SignalHandler<LeadershipState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::recovered)
                .build();
    }

    /** Also after a failure of the journal: what was heard before it is of no use. */
    private void recovered(LeadershipState state) {
        context.getLog().info("epoch={} Leadership runs on this node, master {}", state.epoch(), state.master());
        hearings = new Hearings(settings.silence(), clock.getAsLong());
        timers.startTimerWithFixedDelay(Tick.TICK, Tick.TICK, settings.reportInterval());
    }

    @Override
    public CommandHandler<Command, Event, LeadershipState> commandHandler() {
        return (state, command) -> switch (command) {
            case Report report -> onReport(state, report);
            case Adopt adopt -> onAdopt(state, adopt);
            case Leave leave -> onLeave(state, leave);
            case CancelLeave cancel -> onCancelLeave(state, cancel);
            case GetView getView -> onGetView(state, getView);
            case Tick.TICK -> decide(state);
        };
    }

    private Effect<Event, LeadershipState> onReport(LeadershipState state, Report report) {
        hosts.put(report.standing().node(), report.host());
        hearings.heard(report.standing(), state.epoch(), clock.getAsLong());
        report.host().tell(state.mandate(hearings.serving(state.epoch())));
        return endsServiceFor(state, report.standing()) ? drained(report.standing()) : decide(state);
    }

    private static boolean endsServiceFor(LeadershipState state, Standing standing) {
        return state.leave() != null
                && !state.left()
                && standing.phase() == Phase.DRAINED
                && standing.epoch().equals(state.epoch());
    }

    private Effect<Event, LeadershipState> drained(Standing standing) {
        return Effect()
                .persist(new MasterDrained(
                        standing.epoch(), standing.node(), standing.journaled(), System.currentTimeMillis()))
                .thenRun((LeadershipState updated) -> {
                    context.getLog()
                            .info(
                                    "epoch={} node={} version={} the last master has handed over everything: nobody serves until antler leave --cancel",
                                    standing.epoch(),
                                    standing.node(),
                                    standing.journaled());
                    tellHosts(updated);
                });
    }

    private Effect<Event, LeadershipState> onLeave(LeadershipState state, Leave leave) {
        if (state.adoption() == null) {
            leave.replyTo()
                    .tell(StatusReply.error("Not leaving: nothing was adopted yet, so there is nothing to take out"));
            return Effect().none();
        }
        if (state.leave() != null) {
            leave.replyTo().tell(StatusReply.ack());
            return Effect().none();
        }
        return Effect().persist(new LeaveRequested(System.currentTimeMillis())).thenRun((LeadershipState updated) -> {
            context.getLog().info("epoch={} antler leave: the master is to hand over everything", updated.epoch());
            tellHosts(updated);
            leave.replyTo().tell(StatusReply.ack());
        });
    }

    private Effect<Event, LeadershipState> onCancelLeave(LeadershipState state, CancelLeave cancel) {
        if (state.leave() == null) {
            cancel.replyTo().tell(StatusReply.ack());
            return Effect().none();
        }
        return Effect().persist(new LeaveCancelled(System.currentTimeMillis())).thenRun((LeadershipState updated) -> {
            context.getLog().info("epoch={} antler leave --cancel: the cluster stays", updated.epoch());
            tellHosts(updated);
            cancel.replyTo().tell(StatusReply.ack());
        });
    }

    private Effect<Event, LeadershipState> onAdopt(LeadershipState state, Adopt adopt) {
        var wanted = new Adoption(adopt.metadataId(), adopt.version(), adopt.sha256(), adopt.holder());
        if (state.adoption() == null) {
            return Effect()
                    .persist(new Adopted(adopt.metadataId(), adopt.version(), adopt.sha256(), adopt.holder()))
                    .thenRun((LeadershipState updated) -> {
                        context.getLog()
                                .info(
                                        "version={} adopted metadata id {} of node={}",
                                        adopt.version(),
                                        adopt.metadataId(),
                                        adopt.holder());
                        tellHosts(updated);
                        adopt.replyTo().tell(StatusReply.ack());
                    });
        }
        adopt.replyTo()
                .tell(
                        state.adoption().equals(wanted)
                                ? StatusReply.ack()
                                : StatusReply.error("""
            Not adopted: this cluster already serves metadata id %s, adopted at version %d from node %s.
            To go on with it: start the nodes, nothing else is needed. To begin anew with another file system: stop all \
            nodes, move antler.node.data-dir of each aside, start them and adopt again.""".formatted(
                                                state.adoption().metadataId(),
                                                state.adoption().version(),
                                                state.adoption().holder())));
        return Effect().none();
    }

    private Effect<Event, LeadershipState> onGetView(LeadershipState state, GetView getView) {
        View view = view(state);
        String reason = AppointmentRule.decide(view, current()).reason();
        var nodes = members.get().stream()
                .map(member -> nodeView(member, view.reports().get(member.node())))
                .toList();
        Mandate mandate = state.mandate(hearings.serving(state.epoch()));
        getView.replyTo()
                .tell(new ClusterView(
                        mandate.epoch(),
                        mandate.master(),
                        mandate.metadataId(),
                        settings.self(),
                        reason,
                        nodes,
                        state.leave()));
        return Effect().none();
    }

    private LeadershipSettings current() {
        return settings.withNodes(
                members.get().stream().filter(Member::votes).map(Member::node).toList());
    }

    private static ClusterView.NodeView nodeView(Member member, @Nullable Heard heard) {
        return heard == null
                ? new ClusterView.NodeView(member.node(), member.host(), member.votes(), null, -1)
                : new ClusterView.NodeView(
                        member.node(),
                        member.host(),
                        member.votes(),
                        heard.standing(),
                        heard.age().toMillis());
    }

    private View view(LeadershipState state) {
        return hearings.view(state.adoption() != null, state.left(), state.epoch(), state.master(), clock.getAsLong());
    }

    private Effect<Event, LeadershipState> decide(LeadershipState state) {
        Decision decision = AppointmentRule.decide(view(state), current());
        context.getLog().debug("decision={} reason=\"{}\"", decision.getClass().getSimpleName(), decision.reason());
        return switch (decision) {
            case Decision.Keep _ -> Effect().none();
            case Decision.NobodyThere nobody -> {
                notice(state.epoch(), nobody.reason());
                yield Effect().none();
            }
            case Decision.Appoint appoint -> {
                if (appoint.gone() != null) {
                    notice(state.epoch(), appoint.gone());
                }
                yield appoint(state.epoch().next(), appoint);
            }
        };
    }

    /** Once for each mastership. */
    private void notice(Epoch epoch, String why) {
        if (!epoch.equals(noticed)) {
            noticed = epoch;
            context.getLog().info("noticed: {}", why);
        }
    }

    private Effect<Event, LeadershipState> appoint(Epoch epoch, Decision.Appoint appoint) {
        return Effect()
                .persist(new MasterAppointed(epoch, appoint.node(), appoint.reason(), System.currentTimeMillis()))
                .thenRun((LeadershipState updated) -> {
                    context.getLog()
                            .info("epoch={} appointed node={} reason=\"{}\"", epoch, appoint.node(), appoint.reason());
                    hearings.appointed(clock.getAsLong());
                    tellHosts(updated);
                });
    }

    private void tellHosts(LeadershipState state) {
        hosts.values().forEach(host -> host.tell(state.mandate(false)));
    }

    @Override
    public EventHandler<LeadershipState, Event> eventHandler() {
        return Leadership::apply;
    }

    static LeadershipState apply(LeadershipState state, Event event) {
        return switch (event) {
            case Adopted adopted ->
                new LeadershipState(
                        new Adoption(adopted.metadataId(), adopted.version(), adopted.sha256(), adopted.holder()),
                        state.epoch(),
                        state.master(),
                        state.leave());
            case MasterAppointed appointed -> {
                Invariant.EPOCH_GROWS.check(
                        appointed.epoch().compareTo(state.epoch()) > 0, "%s after %s", appointed, state);
                yield new LeadershipState(state.adoption(), appointed.epoch(), appointed.node(), state.leave());
            }
            case LeaveRequested requested ->
                state.with(new LeadershipState.Leave(requested.atMillis(), LeadershipState.Leave.NOT_DRAINED));
            case MasterDrained drained ->
                state.with(new LeadershipState.Leave(
                        Objects.requireNonNull(state.leave()).atMillis(), drained.version()));
            case LeaveCancelled _ -> state.with(null);
        };
    }
}
