package io.antler.configuration;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.query.EventEnvelope;
import akka.stream.RestartSettings;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.antler.metalogger.DurableFile;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts each pushed configuration in place on this node, once: what the operator edits later stays until the next push. Knows at any
 * time what the files are. Blocks, so it runs on a dispatcher of its own.
 */
public final class ConfigurationKeeper extends AbstractOnMessageBehavior<ConfigurationKeeper.Command> {
    private static final Duration SETTLE = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final RestartSettings RESTART =
            RestartSettings.create(Duration.ofMillis(500), Duration.ofSeconds(10), 0.2);

    /** This node's files, and the program that reads them. */
    public interface Program {
        /** As it is on the disk now. */
        MasterConfig config() throws BadMasterConfig;

        /** As the installed one calls it, like {@code 3.0.117-1}. */
        String version() throws IOException;

        /** Has the running program, if there is one, read its configuration again. */
        void reload() throws IOException, BadMasterConfig;
    }

    /**
     * What there is on this node.
     *
     * @param configuration {@link ConfigurationFiles#checksums} of the files, and the version of {@code mfsmaster}
     * @param alarms a line each
     */
    public record Status(SortedMap<String, String> configuration, List<String> alarms) {
        public static final Status UNKNOWN = new Status(new TreeMap<>(), List.of());

        public Status {
            alarms = List.copyOf(alarms);
        }
    }

    public sealed interface Command {}

    private record Seen(long number, ConfigurationPushed version) implements Command {}

    private enum Tick implements Command {
        APPLY,
        LOOK
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Program program;
    private final Path applied;
    private final AtomicReference<Status> status;
    private @Nullable Seen newest;
    private @Nullable String trouble;

    /**
     * @param applied file with the number of the version that was put in place last
     * @param versions all events of {@link ConfigurationPush} in this node's replica from a sequence number on, live
     * @param status is kept up to date
     */
    public static Behavior<Command> create(
            Program program,
            Path applied,
            LongFunction<Source<EventEnvelope, ?>> versions,
            AtomicReference<Status> status) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            var keeper = new ConfigurationKeeper(context, timers, program, applied, status);
            keeper.follow(versions);
            return keeper;
        }));
    }

    private ConfigurationKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Program program,
            Path applied,
            AtomicReference<Status> status) {
        super(context);
        this.context = context;
        context.setLoggerName(ConfigurationKeeper.class);
        this.timers = timers;
        this.program = program;
        this.applied = applied;
        this.status = status;
        timers.startTimerWithFixedDelay(Tick.LOOK, Tick.LOOK, Duration.ZERO, LOOK);
    }

    private void follow(LongFunction<Source<EventEnvelope, ?>> versions) {
        ActorRef<Command> self = context.getSelf();
        var next = new AtomicReference<>(lastApplied() + 1);
        var _ = RestartSource.onFailuresWithBackoff(
                        RESTART, () -> versions.apply(next.get()).mapMaterializedValue(_ -> akka.NotUsed.getInstance()))
                .runWith(
                        Sink.foreach(envelope -> {
                            next.set(envelope.sequenceNr() + 1);
                            self.tell(new Seen(envelope.sequenceNr(), (ConfigurationPushed) envelope.event()));
                        }),
                        context.getSystem());
    }

    private long lastApplied() {
        try {
            return Long.parseLong(Files.readString(applied).strip());
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException | NumberFormatException damaged) {
            context.getLog()
                    .warn(
                            "{} cannot be used: the newest pushed configuration is put in place again ({})",
                            applied,
                            damaged);
            return 0;
        }
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Seen seen -> {
                newest = seen; // of several that come at once only the last is of interest
                timers.startSingleTimer(Tick.APPLY, Tick.APPLY, SETTLE);
            }
            case Tick.APPLY -> apply();
            case Tick.LOOK -> look();
        }
        return this;
    }

    private void apply() {
        Seen seen = newest;
        if (seen == null) {
            return;
        }
        ConfigurationPushed version = seen.version();
        try {
            List<Path> changed = version.files().writeTo(program.config());
            program.reload();
            Path beside = DurableFile.beside(applied);
            Files.writeString(beside, seen.number() + "\n");
            DurableFile.publish(beside, applied);
            context.getLog()
                    .info("configuration {} of node={} in place, changed: {}", seen.number(), version.from(), changed);
            newest = null;
            trouble = null;
        } catch (IOException | BadMasterConfig | RuntimeException failure) {
            trouble = "configuration: the one pushed from " + version.from() + " is not in place on this node: "
                    + failure.getMessage();
            context.getLog().error("{}", trouble);
            timers.startSingleTimer(Tick.APPLY, Tick.APPLY, AGAIN);
        }
        look();
    }

    private void look() {
        try {
            SortedMap<String, String> configuration =
                    ConfigurationFiles.read(program.config()).checksums();
            configuration.put(DifferenceRule.PROGRAM, program.version());
            status.set(new Status(configuration, trouble == null ? List.of() : List.of(trouble)));
        } catch (IOException | BadMasterConfig unreadable) {
            String alarm = "configuration: " + unreadable.getMessage();
            status.set(new Status(new TreeMap<>(), trouble == null ? List.of(alarm) : List.of(alarm, trouble)));
        }
    }
}
