package io.antler.journal;

import io.antler.lab.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Everything that uses a group at once: masters that take over from each other, writers without epochs, readers, deletions,
 * contenders for a side lease.
 */
final class Workload {
    static final String CHANGES = "changes"; // written by masters
    static final String DECISIONS = "decisions"; // by whoever is first, through any node
    static final List<String> ALL = List.of(CHANGES, DECISIONS);

    private static final int PROGRESS = 10;

    /**
     * @param appointMillis a new master comes after at most this time
     * @param maxPauseMillis of a writer between two batches
     */
    record Tempo(LeaseHolder holder, LeaseTerms sideLease, int appointMillis, int maxPauseMillis) {}

    private final CountDownLatch end = new CountDownLatch(1);
    private final Chronicle chronicle = new Chronicle();
    private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Client client;
    private final Peers peers;
    private final Tempo tempo;
    private final Random seeds;

    private Workload(Peers peers, Tempo tempo, Random seeds) {
        this.peers = peers;
        this.tempo = tempo;
        this.seeds = seeds;
        this.client = new Client(peers, chronicle, end);
    }

    /** @param random what the threads do follows from it, not when they do it */
    static Workload start(Peers peers, Tempo tempo, Random random) {
        var workload = new Workload(peers, tempo, random);
        workload.start(workload::appoint);
        for (int i = 0; i < 2; i++) {
            workload.startWriter("w" + i);
            workload.start(workload::read);
        }
        workload.start(workload::delete);
        peers.nodes()
                .forEach(node -> workload.start(
                        own -> new SideContender(workload.client, "side", node, tempo.sideLease(), own).run()));
        return workload;
    }

    private interface Work {
        void run(Random random);
    }

    private synchronized void start(Work work) {
        var random = new Random(seeds.nextLong());
        threads.add(Thread.startVirtualThread(() -> {
            try {
                work.run(random);
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }));
    }

    private void startWriter(String name) {
        start(random -> new Writer(client, DECISIONS, 0, name, () -> any(random), random)
                .write(1, tempo.maxPauseMillis() * 4, Long.MAX_VALUE));
    }

    private NodeId any(Random random) {
        return peers.nodes().get(random.nextInt(peers.nodes().size()));
    }

    /** Epochs are given once each. The master before is not asked: it writes on until it is refused. */
    private void appoint(Random random) {
        for (long epoch = 1; !client.over(); epoch++) {
            NodeId node = any(random);
            long next = epoch;
            start(own -> new Mastership(client, CHANGES, node, next, tempo.holder(), own).run(tempo.maxPauseMillis()));
            client.pause(1 + random.nextInt(tempo.appointMillis()));
        }
    }

    private void read(Random random) {
        long from = 1;
        while (!client.over()) {
            String persistenceId = ALL.get(random.nextInt(ALL.size()));
            long first = random.nextInt(10) == 0 ? 1 : Math.max(1, from - random.nextInt(100));
            if (random.nextInt(4) == 0) {
                client.glance(any(random), persistenceId, first);
            } else {
                from = client.read(any(random), persistenceId, first).orElse(from);
            }
            client.pause(random.nextInt(40));
        }
    }

    private void delete(Random random) {
        while (!client.over()) {
            client.pause(500 + random.nextInt(1000));
            String persistenceId = ALL.get(random.nextInt(ALL.size()));
            client.read(any(random), persistenceId, 1)
                    .ifPresent(highest -> client.delete(any(random), persistenceId, highest / 3));
        }
    }

    /** Returns when writers get on again: faults that end must leave nothing that holds them up. */
    void awaitProgress() {
        long before = chronicle.confirmed();
        Await.until("appends are confirmed again", () -> chronicle.confirmed() >= before + PROGRESS);
    }

    /** Ends all of it, when every node is up again reads all that every node has, and gives what was observed. */
    Chronicle finish() {
        end.countDown();
        threads.forEach(thread -> Await.until("a thread of the workload ends", () -> !thread.isAlive()));
        failures.stream().findFirst().ifPresent(failure -> {
            throw new AssertionError("the test itself failed", failure);
        });
        var last = new Client(peers, chronicle, new CountDownLatch(1));
        for (NodeId node : new ArrayList<>(peers.nodes())) {
            ALL.forEach(persistenceId ->
                    Await.until(node + " reads " + persistenceId, () -> last.read(node, persistenceId, 1)
                            .isPresent()));
        }
        return chronicle;
    }
}
