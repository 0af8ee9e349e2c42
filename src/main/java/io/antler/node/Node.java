package io.antler.node;

import akka.actor.BootstrapSetup;
import akka.actor.CoordinatedShutdown;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.antler.journal.JournalAlarm;
import io.antler.journal.JournalUnusable;
import io.antler.journal.RaftGroup;
import io.antler.journal.RaftSetup;
import io.antler.kernel.BootClock;
import io.antler.master.orphans.Orphans;
import io.antler.monitor.JmxServer;
import io.antler.monitor.JournalBean;
import io.antler.monitor.Metrics;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Antler process, from its start to its end: first its place on this machine, then Raft, then Akka. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** SIGTERM or SIGINT: the operator stops this node. */
    enum Reason implements CoordinatedShutdown.Reason {
        STOPPED_BY_OPERATOR,
        PART_BROKEN,
        /** Removed, or never taken in. */
        NOT_A_MEMBER
    }

    private Node() {}

    /**
     * Runs until the node is stopped or must leave.
     *
     * @return the exit code: 0 after SIGTERM, {@code antler.exit-code.restart}, or {@code antler.exit-code.unusable}
     */
    public static int run(NodeSettings settings, Config config) {
        var stopping = new Stopping();
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::onSignal, "stop"));
        var clock = new BootClock();
        try (DirectoryLock _ = DirectoryLock.take(
                        settings.dataDir().resolve("node.lock"), "antler.node.data-dir = " + settings.dataDir());
                Premises premises = settings.kind().canBeMaster() ? Premises.enter(settings, config, clock) : null;
                Jmx _ = Jmx.open(settings);
                Metrics metrics = new Metrics();
                RaftGroup raft = RaftGroup.start(settings.raft(), clock, metrics.registry());
                JournalBean.Registration _ = JournalBean.register(raft::status)) {
            raft.onAlarm(Node::log);
            LOG.info(
                    "node={} started: Raft peer up, waiting for the cluster",
                    settings.self().id());
            return runActors(
                    settings, config, premises, clock, raft, Orphans.open(settings.dataDir()), metrics, stopping);
        } catch (PremisesUnusable | JournalUnusable | UncheckedIOException unusable) {
            LOG.error("not started: {}", unusable.getMessage());
            return settings.exitCodes().unusable();
        } finally {
            stopping.closed(); // after the resources above
        }
    }

    /** The JMX connector, or nothing when {@code antler.jmx.port} is not set. */
    private record Jmx(@Nullable JmxServer server) implements AutoCloseable {
        static Jmx open(NodeSettings settings) {
            Integer port = settings.jmxPort();
            return new Jmx(port == null ? null : JmxServer.open(settings.self().address(), port));
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }

    private static void log(JournalAlarm alarm) {
        String kind = alarm.kind().word();
        if (!alarm.raised()) {
            LOG.info("alarm={} over: {}", kind, alarm.message());
        } else if (alarm.kind() == JournalAlarm.Kind.DISK_FULL) {
            LOG.error("alarm={} {}", kind, alarm.message());
        } else {
            LOG.warn("alarm={} {}", kind, alarm.message());
        }
    }

    private static int runActors(
            NodeSettings settings,
            Config config,
            @Nullable Premises premises,
            LongSupplier clock,
            RaftGroup raft,
            Orphans orphans,
            Metrics metrics,
            Stopping stopping) {
        var roster = new Roster(raft, settings);
        ActorSystem<Guardian.Command> system = ActorSystem.create(
                Guardian.create(settings, config, premises, clock, raft, roster, orphans, metrics.registry()),
                AkkaConfig.SYSTEM,
                ActorSystemSetup.create(
                        BootstrapSetup.create(AkkaConfig.from(settings, roster, config)), new RaftSetup(raft)));
        metrics.install(system);
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system.classicSystem());
        raft.onFailure(failure -> {
            LOG.error("the journal's replica failed, this node stops: {}", failure.getMessage());
            shutdown.runAll(Reason.PART_BROKEN);
        });
        raft.onUnusable(unusable -> {
            LOG.error("this node stops and must not be started again as it is: {}", unusable.getMessage());
            shutdown.runAll(Reason.NOT_A_MEMBER);
        });
        stopping.with(shutdown);
        system.getWhenTerminated().toCompletableFuture().join();
        var reason = shutdown.getShutdownReason();
        if (reason.isPresent() && reason.get() == Reason.STOPPED_BY_OPERATOR) {
            return 0;
        }
        if (reason.isPresent() && reason.get() == Reason.NOT_A_MEMBER) {
            return settings.exitCodes().unusable();
        }
        LOG.warn(
                "this node left the cluster ({}) and wants to be started again",
                reason.map(Object::toString).orElse("?"));
        return settings.exitCodes().restart();
    }
}
