package io.antler.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import akka.http.javadsl.server.Route;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import akka.management.javadsl.AkkaManagement;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.StreamConverters;
import com.typesafe.config.Config;
import io.antler.configuration.ConfigurationKeeper;
import io.antler.configuration.ConfigurationPush;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftReadJournal;
import io.antler.leadership.Leadership;
import io.antler.leadership.LeadershipSettings;
import io.antler.master.Mandate;
import io.antler.master.MasterHost;
import io.antler.master.Surroundings;
import io.antler.master.orphans.OrphanKeeper;
import io.antler.master.orphans.Orphans;
import io.antler.metalogger.Changes;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.learner.ChangesSource;
import io.antler.monitor.ConfigurationRoutes;
import io.antler.monitor.HttpApi;
import io.antler.monitor.LeaveRoutes;
import io.antler.monitor.Monitor;
import io.antler.monitor.OrphanRoutes;
import io.antler.vip.VirtualIp;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the actors of this node and ends the node when one of them is broken for good. */
final class Guardian {
    private static final Duration STOP = Duration.ofSeconds(35);
    private static final Duration ORPHANS = Duration.ofSeconds(2); // between two looks

    /** Nobody tells the guardian anything. */
    interface Command {}

    private final ActorContext<Command> context;
    private final ActorSystem<Void> system;
    private final NodeSettings settings;
    private final Config config;
    private final LongSupplier clock;
    private final RaftGroup raft;
    private final Roster roster;
    private final MeterRegistry metrics;
    private final Orphans orphans;
    private final AtomicReference<ConfigurationKeeper.Status> configuration =
            new AtomicReference<>(ConfigurationKeeper.Status.UNKNOWN);
    private volatile @Nullable ClusterMetalogger metalogger;

    private Guardian(
            ActorContext<Command> context,
            NodeSettings settings,
            Config config,
            LongSupplier clock,
            RaftGroup raft,
            Roster roster,
            Orphans orphans,
            MeterRegistry metrics) {
        this.context = context;
        context.setLoggerName(Guardian.class);
        this.system = context.getSystem();
        this.settings = settings;
        this.config = config;
        this.clock = clock;
        this.raft = raft;
        this.roster = roster;
        this.metrics = metrics;
        this.orphans = orphans;
    }

    /**
     * @param premises null for a node that never becomes master
     * @param metrics where a metalogger puts its own
     */
    static Behavior<Command> create(
            NodeSettings settings,
            Config config,
            @Nullable Premises premises,
            LongSupplier clock,
            RaftGroup raft,
            Roster roster,
            Orphans orphans,
            MeterRegistry metrics) {
        return Behaviors.setup(context ->
                new Guardian(context, settings, config, clock, raft, roster, orphans, metrics).start(premises));
    }

    private Behavior<Command> start(@Nullable Premises premises) {
        var _ = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                Leadership.create(
                                        LeadershipSettings.from(
                                                config.getConfig("antler"),
                                                settings.self().id(),
                                                settings.ids()),
                                        roster::members,
                                        clock),
                                LeadershipPath.SINGLETON)
                        .withSettings(ClusterSingletonSettings.create(system).withRole(AkkaConfig.VOTER)));
        ActorRef<Leadership.Command> leadership =
                context.spawn(LeadershipPath.create(LeadershipPath::akkaProxy, LeadershipPath.LOOK), "leadership-path");
        context.watch(leadership);
        var watch = new ClusterWatch(settings, leadership, system);
        MasterHost.Reporter reporter = (standing, host) -> leadership.tell(new Leadership.Report(
                standing.with(alarms(), configuration.get().configuration()), host));
        List.of(
                        context.spawn(Monitor.create(settings.self().id(), settings.durability()), "monitor"),
                        context.spawn(watch.publishing(), "cluster-watch"),
                        context.spawn(ClusterSanity.create(raft, roster), "cluster-sanity"))
                .forEach(context::watch);
        var removing = new Removing(raft);
        List<Route> routes = routes(leadership);
        if (premises == null) {
            startBystander(
                    reporter,
                    new HttpApi(watch::status, this::notHere, removing::remove, _ -> Optional.empty()),
                    routes);
        } else {
            startMasterHost(premises, reporter);
            var adopting = new Adopting(settings, premises, leadership, system);
            install(
                    new HttpApi(watch::status, adopting::adopt, removing::remove, premises::checkpointFile),
                    routes,
                    GivenHistory.of(raft, system, premises.checkpoints(), settings.givenDirectories())
                            .route(),
                    new ConfigurationRoutes(new Pushing(settings, premises, system)::push).route());
        }
        AkkaManagement.get(system).start();
        ClusterBootstrap.get(system).start();
        return Behaviors.receive(Command.class)
                .onSignal(Terminated.class, ended -> broken(context, ended))
                .build();
    }

    /** Those of every node. */
    private List<Route> routes(ActorRef<Leadership.Command> leadership) {
        var leaving = new Leaving(leadership, system);
        var ofOrphans = new OrphanRoutes(
                orphans, system.dispatchers().lookup(DispatcherSelector.fromConfig("antler.blocking-dispatcher")));
        ofOrphans.observe(metrics);
        return List.of(new LeaveRoutes(leaving::leave, leaving::cancel).route(), ofOrphans.route());
    }

    private void install(HttpApi api, List<Route> routes, Route... more) {
        api.install(system, Stream.concat(routes.stream(), Stream.of(more)).toArray(Route[]::new));
    }

    private void startBystander(MasterHost.Reporter reporter, HttpApi api, List<Route> routes) {
        Consumer<Mandate> listener = _ -> {};
        if (settings.kind() == NodeKind.METALOGGER) {
            var started = ClusterMetalogger.start(settings, config, raft, roster, system);
            metalogger = started;
            started.api().observe(metrics);
            listener = started::heard;
            List<Path> given = new ArrayList<>(settings.givenDirectories());
            given.add(started.directory());
            install(
                    api,
                    routes,
                    GivenHistory.of(raft, system, null, given).route(),
                    started.api().route());
        } else {
            install(
                    api,
                    routes,
                    GivenHistory.of(raft, system, null, settings.givenDirectories())
                            .route());
        }
        context.watch(context.spawn(
                Bystander.create(
                        settings.self().id(),
                        settings.kind(),
                        settings.leadership().reportInterval(),
                        new ReplicaVersion(raft, system)::now,
                        reporter,
                        listener),
                "bystander"));
    }

    /** Asked by actors. */
    private List<String> alarms() {
        List<String> lines = new ArrayList<>();
        raft.status().alarms().forEach(alarm -> lines.add(alarm.line()));
        lines.addAll(configuration.get().alarms());
        ClusterMetalogger own = metalogger;
        if (own != null) {
            lines.addAll(own.alarms());
        }
        lines.addAll(orphans.alarms());
        return List.copyOf(lines);
    }

    private CompletionStage<String> notHere() {
        return CompletableFuture.failedFuture(new IllegalStateException("Not adopted: this node is a "
                + settings.kind().word()
                + " and never becomes master. Run antler adopt on the node that has the metadata."));
    }

    private void startMasterHost(Premises premises, MasterHost.Reporter reporter) {
        var checkpoints = premises.checkpoints();
        var virtualIp = context.spawn(VirtualIp.create(premises.vip(), premises.vipSettings(), clock), "virtual-ip");
        var readJournal =
                PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
        var standbys = new Standbys(premises);
        var around = new Surroundings(
                settings.self().id(),
                raft,
                clock,
                settings.lease(),
                virtualIp,
                premises.door(),
                premises.ports(),
                premises.directories(),
                checkpoints,
                () -> readJournal.eventsByPersistenceId(Changes.PERSISTENCE_ID, 1, Long.MAX_VALUE),
                standbys::starter,
                new HttpCheckpointFetch(settings, roster, checkpoints),
                settings.leadership().reportInterval(),
                settings.master().promotionTimeout(),
                MetaloggerSettings.from(config),
                premises.blocking(),
                DispatcherSelector.fromConfig("antler.blocking-dispatcher"));
        var masterHost = context.spawn(MasterHost.create(around, reporter), "master-host");
        var placement = context.spawn(RaftPlacement.create(raft, settings.self().id()), "raft-placement");
        var journaled = ChangesSource.of(raft, system);
        var keeper = context.spawn(
                OrphanKeeper.create(
                        premises.directories().deposed(),
                        orphans,
                        () -> raft.fence(Changes.PERSISTENCE_ID).epoch(),
                        version -> journaled.current(version).runWith(StreamConverters.asJavaStream(), system),
                        premises.blocking(),
                        ORPHANS),
                "orphan-keeper");
        var configurations = context.spawn(
                ConfigurationKeeper.create(
                        premises,
                        settings.dataDir().resolve("configuration.applied"),
                        from -> readJournal.eventsByPersistenceId(
                                ConfigurationPush.PERSISTENCE_ID, from, Long.MAX_VALUE),
                        configuration),
                "configuration",
                around.blockingActors());
        List.of(virtualIp, masterHost, placement, keeper, configurations).forEach(context::watch);
        CoordinatedShutdown.get(system.classicSystem())
                .addTask(
                        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
                        "stop mfsmaster",
                        () -> AskPattern.<MasterHost.Command, Done>ask(
                                masterHost, MasterHost.Stop::new, STOP, system.scheduler()));
    }

    private static Behavior<Command> broken(ActorContext<Command> context, Terminated ended) {
        context.getLog()
                .error(
                        "{} ended, so this node stops and starts again",
                        ended.getRef().path().name());
        CoordinatedShutdown.get(context.getSystem().classicSystem()).runAll(Node.Reason.PART_BROKEN);
        return Behaviors.same();
    }
}
