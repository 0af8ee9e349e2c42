package io.antler.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import akka.management.javadsl.AkkaManagement;
import akka.persistence.query.PersistenceQuery;
import com.typesafe.config.Config;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftReadJournal;
import io.antler.leadership.Leadership;
import io.antler.leadership.LeadershipSettings;
import io.antler.master.MasterHost;
import io.antler.master.Surroundings;
import io.antler.metalogger.Changes;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.monitor.HttpApi;
import io.antler.monitor.Monitor;
import io.antler.vip.VirtualIp;
import java.time.Duration;
import java.util.List;

/** Starts the actors of this node and ends the node when one of them is broken for good. */
final class Guardian {
    private static final Duration STOP = Duration.ofSeconds(35);

    /** Nobody tells the guardian anything. */
    interface Command {}

    private Guardian() {}

    static Behavior<Command> create(NodeSettings settings, Config config, Premises premises, RaftGroup raft) {
        return Behaviors.setup(context -> start(context, settings, config, premises, raft));
    }

    private static Behavior<Command> start(
            ActorContext<Command> context, NodeSettings settings, Config config, Premises premises, RaftGroup raft) {
        context.setLoggerName(Guardian.class);
        var system = context.getSystem();
        ActorRef<Leadership.Command> leadership = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                        Leadership.create(
                                LeadershipSettings.from(
                                        config.getConfig("antler"),
                                        settings.self().id(),
                                        settings.ids()),
                                premises.clock()),
                        "leadership"));
        var checkpoints = premises.checkpoints();
        var virtualIp =
                context.spawn(VirtualIp.create(premises.vip(), premises.vipSettings(), premises.clock()), "virtual-ip");
        var readJournal =
                PersistenceQuery.get(system).getReadJournalFor(RaftReadJournal.class, RaftReadJournal.IDENTIFIER);
        var standbys = new Standbys(premises);
        var around = new Surroundings(
                settings.self().id(),
                raft,
                premises.clock(),
                settings.lease(),
                virtualIp,
                premises.door(),
                premises.ports(),
                premises.directories(),
                checkpoints,
                () -> readJournal.eventsByPersistenceId(Changes.PERSISTENCE_ID, 1, Long.MAX_VALUE),
                standbys::starter,
                new HttpCheckpointFetch(settings, checkpoints),
                settings.leadership().reportInterval(),
                settings.master().promotionTimeout(),
                MetaloggerSettings.from(config),
                premises.blocking(),
                DispatcherSelector.fromConfig("antler.blocking-dispatcher"));
        var masterHost = context.spawn(
                MasterHost.create(around, (standing, host) -> leadership.tell(new Leadership.Report(standing, host))),
                "master-host");
        var watch = new ClusterWatch(settings, leadership, system);
        List<ActorRef<?>> parts = List.of(
                virtualIp,
                masterHost,
                context.spawn(Monitor.create(settings.self().id(), settings.durability()), "monitor"),
                context.spawn(watch.publishing(), "cluster-watch"),
                context.spawn(ClusterSanity.create(raft, settings), "cluster-sanity"),
                context.spawn(RaftPlacement.create(raft, settings.self().id()), "raft-placement"));
        parts.forEach(context::watch);

        CoordinatedShutdown.get(system.classicSystem())
                .addTask(
                        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
                        "stop mfsmaster",
                        () -> AskPattern.<MasterHost.Command, Done>ask(
                                masterHost, MasterHost.Stop::new, STOP, system.scheduler()));
        var adopting = new Adopting(settings, premises, leadership, system);
        new HttpApi(watch::status, adopting::adopt, premises::checkpointFile).install(system);
        AkkaManagement.get(system).start();
        ClusterBootstrap.get(system).start();
        return Behaviors.receive(Command.class)
                .onSignal(Terminated.class, ended -> broken(context, ended))
                .build();
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
