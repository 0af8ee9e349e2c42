package io.antler.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.antler.collector.MissingChanges;
import io.antler.journal.RaftGroup;
import io.antler.master.Mandate;
import io.antler.metalogger.Checkpoint;
import io.antler.metalogger.Checkpoints;
import io.antler.metalogger.archive.Archive;
import io.antler.metalogger.keeping.Alarms;
import io.antler.metalogger.keeping.ImageKeeper;
import io.antler.metalogger.keeping.Master;
import io.antler.metalogger.learner.ChangesSource;
import io.antler.metalogger.learner.Learner;
import io.antler.monitor.MetaloggerApi;
import io.antler.monitor.MetaloggerStatus;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a node of the kind metalogger does: an archive of the journal's changes and of the masters' images. */
final class ClusterMetalogger {
    private static final int CHANGES_PORT = 9419;

    private final NodeSettings settings;
    private final Roster roster;
    private final int clientPort;
    private final Alarms alarms;
    private final Learner learner;
    private final ImageKeeper images;
    private final Path directory;
    private final InstantSource clock = InstantSource.system();
    private volatile @Nullable Mandate mandate;

    private ClusterMetalogger(
            NodeSettings settings, Config config, RaftGroup raft, Roster roster, ActorSystem<?> system) {
        LoneSettings own = LoneSettings.from(new Keys(config));
        this.settings = settings;
        this.roster = roster;
        this.clientPort = own.clientPort();
        this.directory = settings.dataDir().resolve("archive");
        this.alarms = new Alarms(clock);
        var changes = ChangesSource.of(raft, system);
        this.learner = new Learner(
                changes,
                () -> Archive.open(directory, own.changelogBytes(), clock),
                new MissingChanges(own.collector().places()),
                own.protocol(),
                alarms,
                clock);
        this.images = new ImageKeeper(
                this::master, learner, own.keeping(), own.protocol().timeout(), alarms, clock);
    }

    /** Runs until the actor system is shut down. */
    static ClusterMetalogger start(
            NodeSettings settings, Config config, RaftGroup raft, Roster roster, ActorSystem<?> system) {
        var metalogger = new ClusterMetalogger(settings, config, raft, roster, system);
        metalogger.learner.start();
        metalogger.images.start();
        CoordinatedShutdown.get(system.classicSystem())
                .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop metalogger", () -> {
                    metalogger.images.stop();
                    metalogger.learner.stop();
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
        return metalogger;
    }

    /** Any thread. */
    void heard(Mandate now) {
        mandate = now;
        String id = now.metadataId();
        if (id != null) {
            learner.heard(new Learner.Situation(
                    MetadataId.parse(id),
                    now.serving() ? now.epoch().value() : 0,
                    target -> copyBeginning(now, target)));
        }
    }

    /** The checkpoint that was adopted, verified by its SHA-256, from the node that has it. */
    private void copyBeginning(Mandate adopted, Path target) throws IOException, InterruptedException {
        Checkpoints checkpoints = Checkpoints.open(settings.dataDir().resolve("checkpoints"));
        new HttpCheckpointFetch(settings, roster, checkpoints).fetch(adopted);
        Path image = checkpoints.all().stream()
                .filter(checkpoint -> checkpoint.version() == adopted.checkpointVersion())
                .map(Checkpoint::image)
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "the checkpoint of version " + adopted.checkpointVersion() + " was fetched and is not there"));
        Files.copy(image, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** On its node's own address, so that it is the one that the mandate names. */
    private Optional<Master> master() {
        Mandate now = mandate;
        return now == null || now.master() == null
                ? Optional.empty()
                : roster.hostOf(now.master()).map(host -> new Master(host, CHANGES_PORT, clientPort));
    }

    Path directory() {
        return directory;
    }

    MetaloggerApi api() {
        return new MetaloggerApi(
                "journal", directory.toString(), new MetaloggerStatus.Source(learner, images, alarms), clock);
    }

    /** A line each. */
    List<String> alarms() {
        return alarms.all().stream()
                .map(alarm -> alarm.kind().word() + ": " + alarm.message())
                .toList();
    }
}
