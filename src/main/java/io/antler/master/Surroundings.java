package io.antler.master;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.persistence.query.EventEnvelope;
import akka.stream.javadsl.Source;
import io.antler.gate.Door;
import io.antler.journal.LeaseTerms;
import io.antler.journal.NodeId;
import io.antler.journal.RaftGroup;
import io.antler.metalogger.Checkpoints;
import io.antler.metalogger.Metalogger;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.moosefs.MasterConfig;
import io.antler.moosefs.MetadataId;
import io.antler.restore.StandbyFeed;
import io.antler.vip.VirtualIp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the actors of this package work with. Plain references: nothing here is closed by them.
 *
 * @param clock nanoseconds of {@code CLOCK_BOOTTIME}
 * @param changes all events of the changes from the local replica, live
 * @param standbys starts a standby from the checkpoint of the given version, in a directory that is free
 * @param fetch gets the checkpoint a mandate names from a node that has it
 * @param blocking for files, child processes and probes
 */
public record Surroundings(
        NodeId self,
        RaftGroup raft,
        LongSupplier clock,
        LeaseTerms lease,
        ActorRef<VirtualIp.Command> virtualIp,
        Door door,
        MasterConfig.Ports ports,
        Directories directories,
        Checkpoints checkpoints,
        Supplier<Source<EventEnvelope, ?>> changes,
        LongFunction<StandbyFeed.Starter> standbys,
        CheckpointFetch fetch,
        Duration reportInterval,
        Duration promotionTimeout,
        MetaloggerSettings metaloggerSettings,
        Executor blocking,
        DispatcherSelector blockingActors) {

    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    /** Gets a checkpoint and stores it, verified; blocking. */
    public interface CheckpointFetch {
        void fetch(Mandate mandate) throws Exception;
    }

    /**
     * The door is shut, exactly the checkpoint of the mandate is here, and the directory is free: the version to start from.
     *
     * @param inspect keep the directory that is there, of a standby that failed
     */
    CompletionStage<Long> prepare(Mandate mandate, boolean inspect) {
        return door.shut().thenApplyAsync(_ -> makeReady(mandate, inspect), blocking);
    }

    private long makeReady(Mandate mandate, boolean inspect) {
        try {
            String sha256 = Objects.requireNonNull(mandate.checkpointSha256());
            if (!checkpoints.has(mandate.checkpointVersion(), sha256)) {
                fetch.fetch(mandate);
            }
            directories.makeRoom(inspect).ifPresent(aside -> LOG.info("the former directory is kept as {}", aside));
            return mandate.checkpointVersion();
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }

    /** Something blocking that can fail. */
    interface Action {
        void run() throws Exception;
    }

    CompletionStage<Done> blocking(Action action) {
        return supplied(() -> {
            action.run();
            return Done.getInstance();
        });
    }

    /** The same, with a result. */
    <T> CompletionStage<T> supplied(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                blocking);
    }

    Metalogger.Target metaloggerTarget(String metadataId) {
        return new Metalogger.Target(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.metalogger()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.client()),
                MetadataId.parse(metadataId));
    }

    StandbyFeed.Starter standby(long checkpointVersion) {
        return standbys.apply(checkpointVersion);
    }
}
