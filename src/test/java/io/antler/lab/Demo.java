package io.antler.lab;

import io.antler.lab.Operation.Outcome;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code deploy/demo.sh}: the host of a MooseFS master dies under load, and what a client sees of it. */
final class Demo {
    private static final Duration LOAD_BEFORE = Duration.ofSeconds(5);
    private static final Duration LOAD_AFTER = Duration.ofSeconds(5);
    private static final Duration FAILOVER = Duration.ofMinutes(1);
    private static final Duration BASELINE = Duration.ofSeconds(20);
    private static final int DATA_FILES = 12;

    private final Lab lab;
    private final Set<String> options;
    private @Nullable AntlerNode dead;
    private @Nullable Host survivor;

    private Demo(Lab lab, Set<String> options) {
        this.lab = lab;
        this.options = options;
    }

    public static void main(String[] args) {
        var options = Set.of(args);
        if (!Set.of("--keep", "--end", "--baseline", "--figures").containsAll(options)) {
            System.err.println("usage: deploy/demo.sh [--keep] [--baseline] | --end");
            System.exit(2);
        }
        if (options.contains("--end")) {
            endAll();
            return;
        }
        Integer exitCode = run(options);
        if (exitCode != null) {
            System.exit(exitCode);
        }
    }

    /** @return null after an interrupt: the exit code is then set already */
    private static @Nullable Integer run(Set<String> options) {
        try (Lab lab = Lab.open()) {
            var demo = new Demo(lab, options);
            boolean good = demo.run();
            if (options.contains("--keep")) {
                demo.keep();
            }
            return good ? 0 : 1;
        } catch (IllegalStateException | UncheckedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                return null;
            }
            System.err.println("demo: " + e.getMessage());
            return 1;
        }
    }

    private boolean run() {
        try {
            return options.contains("--baseline") ? baseline() : failover();
        } finally {
            if (!Thread.currentThread().isInterrupted()) {
                say("Logs of this run: %s", lab.saveLogs("demo"));
            }
        }
    }

    private boolean failover() {
        say(
                "Starting three Antler nodes, two chunkservers and a client, each on a host of its own (lab %s)",
                lab.prefix());
        Cluster cluster = Cluster.start(lab);
        AntlerNode master = cluster.master();
        say("The file system is mounted; %s is master, the other nodes are hot standbys", master.id());
        DataFiles data = DataFiles.write(cluster.mount().resolve("data"), DATA_FILES);
        say("%d files with checksums are written", DATA_FILES);
        Load load = load(cluster.mount());

        Instant fault = master.host().kill();
        dead = master;
        survivor = cluster.others(master).getFirst().host();
        var timeline = new Timeline(fault, cluster.others(master));
        say("");
        say(timeline.format("fault", fault, "host of " + master.id() + " cut off, all its processes killed"));
        Instant resumed = follow(timeline, load, fault);
        if (resumed == null) {
            say("No operation was acknowledged within %d s after the fault.", FAILOVER.toSeconds());
            return verdict(load.stop(Duration.ZERO), null, List.of("file system not available"));
        }
        Await.within(LOAD_AFTER, Optional::empty);
        Ledger ledger = load.stop(Duration.ofSeconds(30));
        Path fresh = cluster.freshMount();
        return verdict(ledger, ledger.readBack(fresh.resolve("load")), data.verify(fresh.resolve("data")));
    }

    private boolean baseline() {
        say(
                "Starting one stock master, two chunkservers and a client, each on a host of its own (lab %s)",
                lab.prefix());
        Host master = lab.host("m1", 1);
        BareMaster.start(master, Cluster.ADDRESS);
        ChunkServer.start(lab.host("c1", 21), Cluster.ADDRESS);
        ChunkServer.start(lab.host("c2", 22), Cluster.ADDRESS);
        Mount mount =
                Mount.start(lab.host("client", 31), "mnt", Cluster.ADDRESS).awaitSpace();
        DataFiles.write(mount.path().resolve("data"), DATA_FILES);
        say("%d files with checksums are written", DATA_FILES);
        Load load = load(mount.path());

        Instant fault = master.kill();
        var timeline = new Timeline(fault, List.of());
        say("");
        say(timeline.format("fault", fault, "host of the master cut off, all its processes killed"));
        var resumed = Await.within(BASELINE, () -> load.ledger().firstServedAfter(fault));
        resumed.ifPresent(at -> say(timeline.format("first operation", at, "acknowledged")));
        say(timeline.format("given up", Instant.now(), "the file system stays away until somebody repairs that host"));
        return verdict(load.stop(Duration.ZERO), null, List.of("file system not available"));
    }

    private Load load(Path mount) {
        Load load = Load.start(mount.resolve("load"), Load.Rate.STEADY);
        say("%d clients create files, %d each second in all", Load.Rate.STEADY.clients(), Load.Rate.STEADY.perSecond());
        Await.within(LOAD_BEFORE, Optional::empty);
        return load;
    }

    /** Prints each step as its line appears. */
    private static @Nullable Instant follow(Timeline timeline, Load load, Instant fault) {
        var resumed = Await.within(FAILOVER, () -> {
            timeline.poll().forEach(step -> say(timeline.format(step)));
            return load.ledger().firstServedAfter(fault);
        });
        timeline.poll().forEach(step -> say(timeline.format(step)));
        resumed.ifPresent(at -> say(timeline.format("first operation", at, "acknowledged: the file system goes on")));
        return resumed.orElse(null);
    }

    private boolean verdict(Ledger ledger, Ledger.@Nullable ReadBack readBack, List<String> wrongData) {
        var pause = ledger.longestPause();
        say("");
        say("Longest pause a client saw    %.2f s", pause.seconds());
        say(
                "Operations acknowledged       %d (%d of them by a retry)",
                ledger.acknowledged(), ledger.count(Outcome.ACKNOWLEDGED_BY_RETRY));
        say("Operations with unknown end   %d", ledger.count(Outcome.NOT_KNOWN));
        say(
                "Acknowledged and missing      %s",
                readBack == null ? "not readable" : readBack.lost().size());
        say("Checksums                     %s", wrongData.isEmpty() ? "all right" : String.join("; ", wrongData));
        if (options.contains("--figures") && readBack != null) {
            say("");
            say("figure failover.host.pause %.2f s", pause.seconds());
            say("figure failover.host.acknowledged %d operations", ledger.acknowledged());
            say("figure failover.host.lost %d operations", readBack.lost().size());
        }
        return readBack != null && wrongData.isEmpty();
    }

    private void keep() {
        lab.keep();
        say("");
        say("The lab goes on. Hosts: %s", String.join(" ", Namespace.startingWith(lab.prefix() + "-")));
        say("  a shell on a host     nsenter --net=%s bash", Namespace.path(lab.prefix() + "-client"));
        say("  the mount             %s", lab.directory().resolve("client/mnt"));
        if (survivor != null) {
            say(
                    "  the cluster           nsenter --net=%s %s list --node %s",
                    Namespace.path(survivor.namespace()), AntlerNode.home().resolve("bin/antler"), survivor.address());
        }
        if (dead != null) {
            say("  bring %s back         %s", dead.id(), dead.host().healCommand());
            say("                        %s", dead.command());
        }
        say("  logs                  %s", lab.directory().resolve("*/*.log"));
        say("  end it                deploy/demo.sh --end");
    }

    private static void endAll() {
        for (LabFiles files : LabFiles.all()) {
            if (files.owned()) {
                say("lab %s: in use by a running program, left alone", files.prefix());
            } else {
                files.end();
                say("lab %s: removed", files.prefix());
            }
        }
    }

    private static void say(String format, @Nullable Object... values) {
        System.out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }
}
