package io.antler.simulation;

import io.antler.journal.Epoch;
import io.antler.journal.Fence.Verdict;
import io.antler.journal.LeaseTerms;
import io.antler.master.Phase;
import io.antler.master.PromotionRule.Progress;
import io.antler.master.PromotionRule.Proof;
import io.antler.master.PromotionRule.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One node in one epoch: carries out the steps of the promotion rule, renews its lease, journals the changes. */
final class SimulatedMastership {
    private static final long RETRY = 1_000 * SimulatedCluster.MILLI;

    private final SimulatedCluster cluster;
    private final SimulatedNode node;
    private final SimulatedHost host;
    private final Random random;
    private final LeaseTerms terms;
    private final SimulatedReplica replica;
    private final SimulatedProgram program;
    private final Epoch epoch;
    private final long boundAtMandate;

    private OptionalLong fence = OptionalLong.empty();
    private long fed;
    private boolean letGo;
    private @Nullable Proof expected;
    private @Nullable Proof proven;
    private boolean inSync;
    private boolean doorOpen;
    private boolean addressTaken;
    private @Nullable Step underWay;
    private long stepEndsAt;

    private final Map<Long, Long> renewals = new HashMap<>();
    private boolean renewing;
    private long nextRenewal;
    private long leaseUntil = Long.MIN_VALUE;
    private Entry.@Nullable Changes appending;
    private long appendedAt;
    private int journaled;
    private boolean draining;

    SimulatedMastership(
            SimulatedCluster cluster,
            SimulatedNode node,
            SimulatedHost host,
            Random random,
            Epoch epoch,
            long boundAtMandate) {
        this.cluster = cluster;
        this.node = node;
        this.host = host;
        this.random = random;
        this.terms = cluster.terms();
        this.replica = node.replica();
        this.program = node.program();
        this.epoch = epoch;
        this.boundAtMandate = boundAtMandate;
    }

    Epoch epoch() {
        return epoch;
    }

    /** The kernel ends a step that was begun, whether the JVM sleeps or not. */
    void tickMachine() {
        if (cluster.time() < stepEndsAt) {
            return;
        }
        if (underWay instanceof Step.OpenDoor && !program.doorOpen()) {
            program.openDoor();
            if (program.running()) {
                cluster.checkOpening(node, epoch);
            }
        } else if (underWay instanceof Step.TakeAddress) {
            program.takeAddress();
        }
    }

    void tick(Phase phase) {
        if (!program.running()) {
            host.ended("mfsmaster died");
            return;
        }
        if (renewing && cluster.time() >= nextRenewal) {
            renew();
        }
        if (inSync) {
            append();
        }
        if (phase == Phase.PROMOTING) {
            finish();
            promote();
        } else if (draining
                && appending == null
                && journaled == program.metadata().size()) {
            program.kill();
            cluster.log().propose(node, new Entry.Release(cluster.nextId(), epoch));
            cluster.trace(node, "drained epoch " + epoch);
            host.drained();
        }
    }

    private void promote() {
        var progress = new Progress(
                node.now(),
                fence,
                fed,
                letGo,
                expected,
                proven,
                inSync,
                replica.watch().mayOpenAt(terms),
                leaseUntil,
                doorOpen,
                addressTaken,
                underWay);
        Step step = cluster.order().next(progress, boundAtMandate);
        switch (step) {
            case Step.Wait(Step.Fence again) when cluster.time() >= stepEndsAt -> begin(again);
            case Step.Wait _, Step.AwaitLease _ -> {}
            case Step.GiveUp giveUp -> host.ended(giveUp.reason());
            case Step.Serve _ -> {
                cluster.trace(
                        node,
                        "serves epoch " + epoch + ", lease for " + (leaseUntil - node.now()) / SimulatedCluster.MILLI
                                + " ms");
                host.serving();
            }
            case Step.Fence _,
                    Step.FeedTail _,
                    Step.LetGo _,
                    Step.Verify _,
                    Step.Follow _,
                    Step.HoldLease _,
                    Step.OpenDoor _,
                    Step.TakeAddress _ -> begin(step);
        }
    }

    private void begin(Step step) {
        underWay = step;
        stepEndsAt = cluster.time() + random.nextInt(40) * SimulatedCluster.MILLI;
        if (step instanceof Step.Fence) {
            stepEndsAt = cluster.time() + RETRY;
            cluster.log().propose(node, new Entry.TakeOver(cluster.nextId(), epoch));
        } else if (step instanceof Step.HoldLease) {
            renewing = true;
            renew();
        }
    }

    private void finish() {
        if (underWay == null || cluster.time() < stepEndsAt) {
            return;
        }
        switch (underWay) {
            case Step.FeedTail tail -> {
                program.replay(replica.changesUpTo(tail.upTo()));
                fed = tail.upTo();
                journaled = program.metadata().size();
                expected = new Proof(
                        SimulatedCluster.METADATA_ID,
                        replica.changesUpTo(tail.upTo()).size());
            }
            case Step.LetGo _ -> letGo = true;
            case Step.Verify _ ->
                proven = new Proof(
                        SimulatedCluster.METADATA_ID, program.metadata().size());
            case Step.Follow _ -> inSync = true;
            case Step.OpenDoor _ -> doorOpen = true;
            case Step.TakeAddress _ -> addressTaken = true;
            case Step.Fence _, Step.HoldLease _ -> {
                return; // these end with what the replica applies
            }
            case Step.Wait _, Step.AwaitLease _, Step.Serve _, Step.GiveUp _ ->
                throw new IllegalStateException(underWay + " is never under way");
        }
        underWay = null;
    }

    private void renew() {
        nextRenewal = cluster.time() + terms.renewInterval().toNanos();
        var renewal = new Entry.Renew(cluster.nextId(), epoch);
        renewals.put(renewal.id(), node.now());
        cluster.log().propose(node, renewal);
    }

    private void append() {
        if (appending == null && journaled < program.metadata().size()) {
            List<Long> batch = List.copyOf(
                    program.metadata().subList(journaled, program.metadata().size()));
            long sequenceNr = replica.changesFence().highest() + 1;
            appending = new Entry.Changes(cluster.nextId(), epoch, sequenceNr, batch);
            appendedAt = cluster.time() - RETRY;
        }
        if (appending != null && cluster.time() - appendedAt >= RETRY) {
            appendedAt = cluster.time();
            cluster.log().propose(node, appending);
        }
    }

    void applied(Entry entry, Verdict verdict) {
        boolean accepted = verdict instanceof Verdict.Accepted;
        switch (entry) {
            case Entry.TakeOver takeOver
            when takeOver.epoch().equals(epoch) && underWay instanceof Step.Fence -> {
                if (accepted) {
                    fence = OptionalLong.of(replica.changesFence().highest());
                    underWay = null;
                    cluster.trace(node, "has applied the fence of epoch " + epoch);
                } else {
                    host.ended("fence refused: " + verdict);
                }
            }
            case Entry.Renew renew
            when renewals.containsKey(renew.id()) -> renewed(renewals.remove(renew.id()), verdict);
            case Entry.Changes batch
            when batch.equals(appending) -> {
                if (accepted) {
                    journaled += batch.changes().size();
                    appending = null;
                } else if (!replica.has(batch)) {
                    host.ended("append refused: " + verdict);
                }
            }
            case Entry.TakeOver _, Entry.Renew _, Entry.Changes _, Entry.Release _, Entry.Appointed _ -> {}
        }
    }

    private void renewed(long sentAt, Verdict verdict) {
        if (!(verdict instanceof Verdict.Accepted)) {
            host.ended("renewal refused: " + verdict);
            return;
        }
        long end = terms.holderEnd(sentAt);
        if (end > node.now() && end > leaseUntil) {
            leaseUntil = end;
            program.liveUntil(end);
            if (underWay instanceof Step.HoldLease) {
                underWay = null;
            }
        }
    }

    void drain() {
        if (!draining) {
            draining = true;
            program.shutDoor();
            cluster.trace(node, "drains epoch " + epoch);
        }
    }
}
