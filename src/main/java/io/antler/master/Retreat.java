package io.antler.master;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.antler.gate.ReceiveQueues;
import io.antler.journal.Epoch;
import io.antler.journal.EpochRefused;
import io.antler.metalogger.Changes;
import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.StockProcess;
import io.antler.vip.VirtualIp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocking work of one mastership, most of all its end: first the program, then the address, then the door, and
 * only when all output has stopped the lease.
 */
final class Retreat {
    private static final Logger LOG = LoggerFactory.getLogger(Retreat.class);
    private static final Duration ADDRESS = Duration.ofSeconds(5);
    private static final Duration INPUT = Duration.ofSeconds(2);
    private static final Duration PROBE = Duration.ofSeconds(2);

    private final Surroundings around;
    private final Epoch epoch;
    private final ActorSystem<?> system;
    private volatile @Nullable StockProcess process;

    Retreat(Surroundings around, Epoch epoch, ActorSystem<?> system) {
        this.around = around;
        this.epoch = epoch;
        this.system = system;
    }

    void owns(StockProcess released) {
        process = released;
    }

    void killProcess() throws IOException {
        StockProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    /**
     * What the promoted program says of itself, as soon as it listens. It is told to read its configuration again: what it has is
     * from when it began to stand by.
     */
    CompletionStage<MasterProbe.Answer> verify() {
        long end = System.nanoTime() + around.promotionTimeout().toNanos();
        return CompletableFuture.supplyAsync(
                () -> {
                    MasterProbe.Answer answer = probe(end);
                    reload();
                    return answer;
                },
                around.blocking());
    }

    private void reload() {
        StockProcess running = process;
        try {
            if (running == null || !running.reload()) {
                LOG.warn("epoch={} mfsmaster was not told to read its configuration again", epoch);
            }
        } catch (IOException refused) {
            LOG.warn(
                    "epoch={} mfsmaster was not told to read its configuration again: {}", epoch, refused.getMessage());
        }
    }

    private MasterProbe.Answer probe(long end) {
        var clients = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), around.ports().client());
        while (true) {
            try {
                return MasterProbe.ask(clients, PROBE);
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw new java.io.UncheckedIOException(notYet);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Shuts the door; done when the program has read all that had come in before. */
    CompletionStage<Done> shutAndAwaitInputRead() {
        return around.door().shut().thenComposeAsync(_ -> around.blocking(this::awaitInputRead), around.blocking());
    }

    private void awaitInputRead() throws IOException {
        long end = System.nanoTime() + INPUT.toNanos();
        while (!ReceiveQueues.empty(around.ports().all())) {
            if (System.nanoTime() > end) {
                throw new IOException("mfsmaster did not read its sockets within " + INPUT.toMillis() + " ms");
            }
            pause();
        }
    }

    CompletionStage<Done> giveUpAddressAndLease() {
        return giveUpAddress().thenCompose(_ -> releaseLease());
    }

    private CompletionStage<Done> giveUpAddress() {
        return AskPattern.<VirtualIp.Command, VirtualIp.GivenUp>ask(
                        around.virtualIp(), VirtualIp.GiveUp::new, ADDRESS, system.scheduler())
                .thenApply(_ -> Done.getInstance());
    }

    /** Everything is tried, whatever fails before it; but a lease is released only when all output has stopped. */
    CompletionStage<Done> all() {
        CompletableFuture<Done> killed = around.blocking(this::killProcess).toCompletableFuture();
        CompletableFuture<Done> givenUp = afterwards(killed, this::giveUpAddress);
        CompletableFuture<Done> shut = afterwards(givenUp, () -> around.door().shut());
        return CompletableFuture.allOf(killed, givenUp, shut).thenCompose(_ -> releaseLease());
    }

    /** When a newer epoch took over there is nothing to release any more. */
    private CompletionStage<Done> releaseLease() {
        return around.raft().releaseLease(Changes.PERSISTENCE_ID, epoch).exceptionally(failure -> {
            if (failure instanceof EpochRefused) {
                return Done.getInstance();
            }
            throw new CompletionException(failure);
        });
    }

    private static CompletableFuture<Done> afterwards(
            CompletableFuture<Done> before, Supplier<CompletionStage<Done>> next) {
        return before.handle((_, _) -> next.get())
                .thenCompose(Function.identity())
                .toCompletableFuture();
    }
}
