package io.antler.metalogger;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.Packet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows this node's own master and has its changes journaled. Proves first that it misses nothing, then tells its owner
 * each version that the journal has reached. It follows one master once: after {@link Ended} it has stopped.
 *
 * <pre>
 * proving ──InSync──► following ──Ended──► stopped
 *    └──────────────Ended──────────────────┘
 * </pre>
 */
public final class Metalogger {
    private static final int FIRST_BARRIER = 2; // 1 is the pump's own
    private static final String WRITER_ENDED =
            "the journal refused or failed a write: see the log lines before this one";

    public sealed interface Command {}

    /**
     * Answered when every change that the master had made before it received this is in the journal; not before {@link
     * InSync}. No answer ever comes after {@link Ended}.
     */
    public record Barrier(ActorRef<BarrierPassed> replyTo) implements Command {}

    private record Proved(ChangeStream stream, long nextVersion) implements Command {}

    private record Committed(long nextVersion, List<Integer> answers) implements Command {}

    private record PumpEnded(String reason) implements Command {}

    private record PumpBroken(Throwable defect) implements Command {}

    private record WriterEnded() implements Command {}

    public record BarrierPassed(long nextVersion) {}

    /** What the owner is told. */
    public sealed interface Event {}

    /** The connection gives every change as it is made, and all before {@code nextVersion} are in the journal. */
    public record InSync(long nextVersion) implements Event {}

    /** All changes before {@code nextVersion} are in the journal; also told before {@link InSync}. */
    public record Journaled(long nextVersion) implements Event {}

    /** What came before the end is journaled, as far as that was possible. */
    public record Ended(String reason) implements Event {}

    /**
     * @param changes the master's metalogger port, 9419 over loopback
     * @param clients the master's client port, 9421 over loopback
     * @param id of the file system it must serve
     */
    public record Target(InetSocketAddress changes, InetSocketAddress clients, MetadataId id) {}

    private final ActorContext<Command> context;
    private final ActorRef<Event> owner;
    private final Pump pump;
    private final Map<Integer, ActorRef<BarrierPassed>> waiting = new HashMap<>();
    private int nextBarrier = FIRST_BARRIER;

    private Metalogger(
            ActorContext<Command> context,
            Target target,
            long nextVersion,
            MetaloggerSettings settings,
            ActorRef<ChangesWriter.Command> writer,
            ActorRef<Event> owner) {
        this.context = context;
        context.setLoggerName(Metalogger.class);
        this.owner = owner;
        var journal = new JournalSink(writer, settings.appendTimeout(), context.getSystem());
        this.pump = new Pump(target, nextVersion, settings, journal, listener(context.getSelf()));
        context.watchWith(writer, new WriterEnded());
    }

    /**
     * @param nextVersion version of the first change that the journal does not have; the writer's too
     * @param owner told of every {@link Event}
     */
    public static Behavior<Command> create(
            Target target,
            long nextVersion,
            MetaloggerSettings settings,
            ActorRef<ChangesWriter.Command> writer,
            ActorRef<Event> owner) {
        return Behaviors.setup(context -> {
            var metalogger = new Metalogger(context, target, nextVersion, settings, writer, owner);
            metalogger.pump.start();
            return metalogger.proving(List.of());
        });
    }

    private static Pump.Listener listener(ActorRef<Command> self) {
        return new Pump.Listener() {
            @Override
            public void committed(long nextVersion, List<Integer> answers) {
                self.tell(new Committed(nextVersion, answers));
            }

            @Override
            public void inSync(ChangeStream stream, long nextVersion) {
                self.tell(new Proved(stream, nextVersion));
            }

            @Override
            public void ended(String reason) {
                self.tell(new PumpEnded(reason));
            }

            @Override
            public void broken(Throwable defect) {
                self.tell(new PumpBroken(defect));
            }
        };
    }

    private Behavior<Command> proving(List<ActorRef<BarrierPassed>> early) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(command -> switch (command) {
                    case Barrier barrier -> proving(with(early, barrier.replyTo()));
                    case Proved proved -> {
                        context.getLog().info("version={} following the master, in sync", proved.nextVersion());
                        owner.tell(new InSync(proved.nextVersion()));
                        early.forEach(replyTo -> ask(proved.stream(), replyTo));
                        yield following(proved.stream());
                    }
                    case Committed committed -> committed(committed);
                    case PumpEnded ended -> end(ended.reason());
                    case WriterEnded _ -> end(WRITER_ENDED);
                    case PumpBroken broken ->
                        throw new IllegalStateException("following the master broke", broken.defect());
                })
                .onSignal(PostStop.class, this::closed)
                .build();
    }

    private Behavior<Command> following(ChangeStream stream) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(command -> switch (command) {
                    case Barrier barrier -> {
                        ask(stream, barrier.replyTo());
                        yield Behaviors.same();
                    }
                    case Committed committed -> committed(committed);
                    case PumpEnded ended -> end(ended.reason());
                    case WriterEnded _ -> end(WRITER_ENDED);
                    case PumpBroken broken ->
                        throw new IllegalStateException("following the master broke", broken.defect());
                    case Proved _ -> throw new IllegalStateException("in sync twice");
                })
                .onSignal(PostStop.class, this::closed)
                .build();
    }

    private static <T> List<T> with(List<T> list, T last) {
        var longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    private void ask(ChangeStream stream, ActorRef<BarrierPassed> replyTo) {
        int id = nextBarrier++;
        waiting.put(id, replyTo);
        stream.send(Packet.getVersion(id));
    }

    private Behavior<Command> committed(Committed committed) {
        owner.tell(new Journaled(committed.nextVersion()));
        for (int id : committed.answers()) {
            var replyTo = waiting.remove(id);
            if (replyTo != null) { // else the pump's own
                replyTo.tell(new BarrierPassed(committed.nextVersion()));
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> end(String reason) {
        context.getLog().warn("following the master has ended: {}", reason);
        owner.tell(new Ended(reason));
        return Behaviors.stopped();
    }

    private Behavior<Command> closed(Signal stop) {
        pump.stop();
        return Behaviors.same();
    }
}
