package io.antler.master.orphans;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.antler.journal.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each directory of a deposed master with the journal, once, as soon as the journal's answer is final. Looks
 * again and again, so a node that died in between needs no care: what has no result is compared.
 */
public final class OrphanKeeper extends AbstractOnMessageBehavior<OrphanKeeper.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanKeeper.class);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Pattern DEPOSED = Pattern.compile("epoch-([0-9]{1,18})-.+");

    public sealed interface Command {}

    private record Look() implements Command {}

    private record Looked(
            @Nullable List<String> troubles, @Nullable Throwable failure) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Path deposed;
    private final Orphans orphans;
    private final Supplier<Epoch> fence;
    private final Journaled journal;
    private final Executor blocking;
    private final Duration interval;

    private OrphanKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Path deposed,
            Orphans orphans,
            Supplier<Epoch> fence,
            Journaled journal,
            Executor blocking,
            Duration interval) {
        super(context);
        this.context = context;
        this.timers = timers;
        this.deposed = deposed;
        this.orphans = orphans;
        this.fence = fence;
        this.journal = journal;
        this.blocking = blocking;
        this.interval = interval;
    }

    /**
     * @param deposed directory of the directories
     * @param fence epoch of the newest fence of the changes that this replica has applied
     * @param blocking lent
     * @param interval between two looks
     */
    public static Behavior<Command> create(
            Path deposed,
            Orphans orphans,
            Supplier<Epoch> fence,
            Journaled journal,
            Executor blocking,
            Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(OrphanKeeper.class);
            context.getSelf().tell(new Look());
            return new OrphanKeeper(context, timers, deposed, orphans, fence, journal, blocking, interval);
        }));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Look _ -> context.pipeToSelf(CompletableFuture.supplyAsync(this::look, blocking), Looked::new);
            case Looked looked -> looked(looked);
        }
        return this;
    }

    private void looked(Looked looked) {
        List<String> troubles = looked.troubles();
        if (troubles == null) {
            troubles = List.of(deposed + " cannot be looked at: " + looked.failure());
        }
        troubles.forEach(trouble -> context.getLog().error("orphans not compared: {}", trouble));
        orphans.troubled(troubles);
        timers.startSingleTimer(new Look(), troubles.isEmpty() ? interval : AFTER_FAILURE);
    }

    /** @return a sentence for each directory that could not be compared */
    private List<String> look() {
        Epoch known = fence.get();
        List<String> troubles = new ArrayList<>();
        for (Path directory : directories()) {
            String id = directory.getFileName().toString();
            Matcher name = DEPOSED.matcher(id);
            if (!name.matches() || orphans.isCompared(id)) {
                continue;
            }
            Epoch epoch = new Epoch(Long.parseLong(name.group(1)));
            if (OrphanRule.isSettled(epoch, known)) {
                try {
                    compare(directory, epoch);
                } catch (IOException | RuntimeException failure) {
                    troubles.add(directory + " is tried again every " + AFTER_FAILURE.toSeconds() + " s: " + failure);
                }
            }
        }
        return troubles;
    }

    private List<Path> directories() {
        if (!Files.isDirectory(deposed)) {
            return List.of();
        }
        try (Stream<Path> below = Files.list(deposed)) {
            return below.filter(Files::isDirectory).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void compare(Path directory, Epoch epoch) throws IOException {
        String id = directory.getFileName().toString();
        OrphanSet set = Comparison.run(directory, epoch, journal, orphans.target(id));
        orphans.add(set);
        if (set.isFound()) {
            LOG.error("epoch={} orphans: {}", epoch, Orphans.sentence(set));
            set.remarks().forEach(remark -> LOG.error("epoch={} {}: {}", epoch, id, remark));
        } else {
            LOG.info("epoch={} the journal has every change of {}", epoch, directory);
        }
    }
}
