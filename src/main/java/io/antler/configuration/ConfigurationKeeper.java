package io.antler.configuration;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.query.EventEnvelope;
import akka.stream.Materializer;
import akka.stream.RestartSettings;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.antler.journal.NodeId;
import io.antler.metalogger.DurableFile;
import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        /** The operator's {@code mfsmaster.cfg}. */
        Path configFile();

        /** What it said when this node started. */
        MasterConfig running();

        /** As the installed one calls it, like {@code 3.0.117-1}. */
        String version() throws IOException;

        /** Has the running program, if there is one, read its configuration again. */
        void reload() throws IOException, BadMasterConfig;
    }

    /**
     * What there is on this node.
     *
     * @param configuration {@link ConfigurationFiles#checksums} of the files, the version of {@code mfsmaster}, and the number of the push
     *     that was put in place last, if there was one
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
    private long appliedNumber;
    private long written;
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
        this.appliedNumber = lastApplied();
        timers.startTimerWithFixedDelay(Tick.LOOK, Tick.LOOK, Duration.ZERO, LOOK);
    }

    private void follow(LongFunction<Source<EventEnvelope, ?>> versions) {
        ActorRef<Command> self = context.getSelf();
        var next = new AtomicReference<>(appliedNumber + 1);
        var _ = RestartSource.withBackoff(RESTART, () -> versions.apply(next.get())
                        .map(envelope -> new Seen(envelope.sequenceNr(), (ConfigurationPushed) envelope.event()))
                        .mapMaterializedValue(_ -> NotUsed.getInstance()))
                .runWith(
                        Sink.foreach(seen -> {
                            next.set(seen.number() + 1);
                            self.tell(seen);
                        }),
                        Materializer.createMaterializer(Adapter.toClassic(context))); // ends with this actor
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
        NodeId from = seen.version().from();
        try {
            if (written != seen.number()) { // else only what comes after it has failed
                List<Path> changed = seen.version()
                        .files()
                        .writeTo(MasterConfig.readAlone(program.configFile()), program.running(), seen.number());
                context.getLog().info("configuration {} of node={} written: {}", seen.number(), from, changed);
                written = seen.number();
            }
            program.reload();
            Path beside = DurableFile.beside(applied);
            Files.writeString(beside, seen.number() + "\n");
            DurableFile.publish(beside, applied);
            appliedNumber = seen.number();
            context.getLog().info("configuration {} of node={} in place", seen.number(), from);
            newest = null;
            trouble = null;
        } catch (IOException | BadMasterConfig | RuntimeException failure) {
            trouble = "configuration: the one pushed from " + from + " is not in place on this node: "
                    + failure.getMessage();
            context.getLog().error("{}", trouble);
            timers.startSingleTimer(Tick.APPLY, Tick.APPLY, AGAIN);
        }
        look();
    }

    private void look() {
        List<String> alarms = new ArrayList<>();
        SortedMap<String, String> configuration = new TreeMap<>();
        try {
            configuration.putAll(ConfigurationFiles.read(MasterConfig.read(program.configFile()))
                    .checksums());
            configuration.put(DifferenceRule.PROGRAM, program.version());
        } catch (IOException | BadMasterConfig | RuntimeException unreadable) {
            configuration.clear();
            alarms.add("configuration: " + unreadable.getMessage());
        }
        if (appliedNumber > 0) {
            configuration.put(DifferenceRule.PUSH, Long.toString(appliedNumber));
        }
        if (trouble != null) {
            alarms.add(trouble);
        }
        status.set(new Status(configuration, alarms));
    }
}
