package io.antler.metalogger;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.pattern.StatusReply;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import io.antler.invariant.Invariant;
import io.antler.journal.Epoch;
import io.antler.moosefs.Change;
import java.util.List;

/**
 * Stores the master's changes in the journal. Only the master's node runs one, after it has taken {@code changes} over
 * with its epoch and knows the next version; so nothing is replayed at start.
 *
 * <p>A write that fails, or is refused by the fence, stops this actor: whoever started it watches it.
 */
public final class ChangesWriter
        extends EventSourcedBehavior<ChangesWriter.Command, ChangesBatch, ChangesWriter.NextVersion> {
    private static final String OVERFLOW = "akka.persistence.typed.stash-overflow-strategy";

    public sealed interface Command {}

    /**
     * The answer comes after the journal has them: the next version. Changes already stored with the same text are ignored;
     * a hole, or a known version with another text, is refused and nothing of it stored. One under way at a time.
     *
     * @param changes consecutive; below 2 MiB
     */
    public record Append(List<Change> changes, ActorRef<StatusReply<Long>> replyTo) implements Command {
        public Append {
            changes = List.copyOf(changes);
        }
    }

    /** State: version of the change that must come next. */
    public record NextVersion(long value) {}

    private final ActorContext<Command> context;
    private final Epoch epoch;
    private final long start;
    private final RecentChanges recent;

    private ChangesWriter(ActorContext<Command> context, Epoch epoch, long start) {
        super(PersistenceId.ofUniqueId(Changes.PERSISTENCE_ID));
        this.context = context;
        context.setLoggerName(ChangesWriter.class);
        this.epoch = epoch;
        this.start = start;
        this.recent = new RecentChanges(start);
    }

    /**
     * @param epoch the one {@code changes} has been taken over with
     * @param nextVersion version of the first change that the journal does not have
     */
    public static Behavior<Command> create(Epoch epoch, long nextVersion) {
        return Behaviors.setup(context -> {
            String overflow = context.getSystem().settings().config().getString(OVERFLOW);
            if (!overflow.equals("fail")) { // the default drops changes silently
                throw new IllegalStateException(OVERFLOW + " = " + overflow + ": must be fail");
            }
            return new ChangesWriter(context, epoch, nextVersion);
        });
    }

    @Override
    public NextVersion emptyState() {
        return new NextVersion(start);
    }

    @Override
    public Recovery recovery() {
        return Recovery.disabled();
    }

    @Override
    public CommandHandler<Command, ChangesBatch, NextVersion> commandHandler() {
        return (state, command) -> switch (command) {
            case Append append -> append(state, append);
        };
    }

    private Effect<ChangesBatch, NextVersion> append(NextVersion next, Append append) {
        return switch (AppendRule.decide(next.value(), recent, append.changes())) {
            case AppendRule.Decision.Refuse refuse -> {
                context.getLog().error("epoch={} {}", epoch, refuse.reason());
                yield Effect().reply(append.replyTo(), StatusReply.error(refuse.reason()));
            }
            case AppendRule.Decision.Store(List<String> texts)
            when texts.isEmpty() -> Effect().reply(append.replyTo(), StatusReply.success(next.value()));
            case AppendRule.Decision.Store(List<String> texts) -> {
                var batch = new ChangesBatch(epoch, next.value(), texts);
                yield Effect()
                        .persist(batch)
                        .thenRun(() -> recent.add(batch.firstVersion(), batch.texts()))
                        .thenReply(append.replyTo(), stored -> StatusReply.success(stored.value()));
            }
        };
    }

    @Override
    public EventHandler<NextVersion, ChangesBatch> eventHandler() {
        return (state, batch) -> {
            Invariant.NO_MISSING_CHANGE.check(
                    batch.firstVersion() == state.value(),
                    "batch from %d after %d",
                    batch.firstVersion(),
                    state.value());
            return new NextVersion(batch.nextVersion());
        };
    }
}
