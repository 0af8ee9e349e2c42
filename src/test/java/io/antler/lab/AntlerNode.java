package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An Antler node on its host, kept running as a supervisor would: a small shell loop starts it again when it ends with
 * the documented code for that, and never otherwise.
 */
final class AntlerNode {
    private static final Duration ADOPTION = Duration.ofMinutes(1);
    private static final Duration LIST = Duration.ofSeconds(30);
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final String RUNNER = """
            while :; do
              "$@"; code=$?
              echo "runner: ended with exit code $code"
              [ "$code" = 75 ] || exit "$code"
              sleep 0.5
            done""";

    private final Host host;
    private final Path config;
    private @Nullable Program runner;

    private AntlerNode(Host host, Path config) {
        this.host = host;
        this.config = config;
    }

    /** The distribution that the build leaves; {@code antler.home} names another one. */
    static Path home() {
        return Path.of(System.getProperty("antler.home", "target/antler")).toAbsolutePath();
    }

    /** Writes the configuration of all these hosts; no node is started yet. */
    static List<AntlerNode> configure(List<Host> hosts, String address) {
        return hosts.stream()
                .map(host -> configure(host, listed(hosts), address))
                .toList();
    }

    /** One of these hosts votes only: it knows nothing of MooseFS and of the address. */
    static AntlerNode configureWitness(Host host, List<Host> hosts) {
        Path file = host.write("antler.conf", """
            antler.nodes = [%s]
            antler.node { id = "%s", kind = witness, data-dir = "%s" }
            """.formatted(listed(hosts), host.name(), host.makeDirectory("antler")));
        return new AntlerNode(host, file);
    }

    /**
     * As {@link #configure(List, String)}, with data directories on file systems of {@code sizeMiB} of their own. What is shown
     * on these does not depend on time, so a busy machine gets more of it.
     */
    static List<AntlerNode> configureOnSmallDisks(List<Host> hosts, String address, int sizeMiB) {
        hosts.forEach(host -> host.mountSmallDisk("antler", sizeMiB));
        List<AntlerNode> nodes = configure(hosts, address);
        nodes.forEach(node -> node.add("""
            antler.journal.disk { alarm-free = 64 MiB, stop-free = 48 MiB, slow = 5 s }
            antler.journal.election-timeout = 2 s
            antler.lease { length = 8 s, renew-interval = 1 s }
            antler.leadership.silence = 6 s"""));
        return nodes;
    }

    /** A node of another kind than the others, or one that they do not know. */
    private static AntlerNode configureAlone(Host host, List<Host> members, String settings) {
        Path file = host.write("antler.conf", """
            antler.nodes = [%s]
            antler.node { id = "%s", address = "%s", data-dir = "%s" }
            %s
            """.formatted(
                        listed(members), host.name(), host.address(), host.makeDirectory("antler"), settings));
        return new AntlerNode(host, file);
    }

    private static String listed(List<Host> hosts) {
        return hosts.stream()
                .map(host -> "{ id = \"%s\", address = \"%s\" }".formatted(host.name(), host.address()))
                .collect(Collectors.joining(", "));
    }

    /** Stores the journal without a vote; not one of {@code voters}. */
    static AntlerNode configureMetalogger(Host host, List<Host> voters) {
        return configureAlone(host, voters, "antler.node.kind = metalogger");
    }

    /** One that could become master, and that the others have never heard of. */
    static AntlerNode configureNewcomer(Host host, List<Host> others, String address) {
        return configureAlone(host, others, serving(host, address));
    }

    private static String serving(Host host, String address) {
        return """
            antler.vip.address = "%s/24"
            antler.vip.interface = "eth0"
            antler.master.config = "%s"
            antler.jmx.port = 9440""".formatted(address, MasterSettings.write(host).file());
    }

    private void add(String settings) {
        try {
            Files.writeString(config, settings + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AntlerNode configure(Host host, String nodes, String address) {
        Path file = host.write(
                "antler.conf", """
            antler.nodes = [%s]
            antler.node.id = "%s"
            antler.node.data-dir = "%s"
            %s
            """.formatted(nodes, host.name(), host.makeDirectory("antler"), serving(host, address)));
        return new AntlerNode(host, file);
    }

    Host host() {
        return host;
    }

    String id() {
        return host.name();
    }

    Path log() {
        return host.directory().resolve("antler.log");
    }

    /** Returns at once: what the node does then is seen in {@link #status}. */
    AntlerNode start() {
        return start(List.of());
    }

    /** With an empty data directory, in place of the one that it loses by this. */
    AntlerNode startAnew() {
        Path dataDir = host.directory().resolve("antler");
        Shell.run(
                "mv",
                dataDir.toString(),
                host.directory().resolve("antler-lost").toString());
        host.makeDirectory("antler");
        return join();
    }

    /** Asks the cluster to take this node in. */
    AntlerNode join() {
        return start(List.of("--join"));
    }

    /** Has this node end the membership of another. */
    String remove(AntlerNode other) {
        return host.run(ADOPTION, List.of(program(), "remove", other.id(), "--config", config.toString()))
                .orThrow();
    }

    /** A command as a page of the documentation has it, {@code bin/antler … --config FILE}, on this host. */
    Shell.Result run(String command) {
        return host.run(
                ADOPTION,
                List.of(command.replace("bin/antler", program())
                        .replace("FILE", config.toString())
                        .split(" ")));
    }

    private AntlerNode start(List<String> options) {
        var command = new ArrayList<>(List.of("sh", "-c", RUNNER, "runner", program(), "node"));
        command.addAll(options);
        command.addAll(List.of("--config", config.toString()));
        runner = host.start("antler", command);
        return this;
    }

    /** Makes the file system in this host's {@code DATA_PATH}, a new one, the cluster's. */
    String adoptNewFileSystem() {
        new MasterSettings(
                        host.directory().resolve("mfsmaster.cfg"),
                        host.directory().resolve("mfs"))
                .newFileSystem();
        return adopt().orThrow();
    }

    /** Runs a command of {@code bin/antler} on this host with the node's configuration. */
    Shell.Result antler(String... words) {
        List<String> command = new ArrayList<>(List.of(program()));
        command.addAll(List.of(words));
        command.addAll(List.of("--config", config.toString()));
        return host.run(COMMAND, command);
    }

    Path config() {
        return config;
    }

    /** For a person: the shell command that runs this node in the foreground. */
    String command() {
        return "nsenter --net=%s %s node --config %s".formatted(Namespace.path(host.namespace()), program(), config);
    }

    /** As {@link #adoptNewFileSystem}, but gives what the command said. */
    Shell.Result adopt() {
        return host.run(ADOPTION, List.of(program(), "adopt", "--config", config.toString()));
    }

    /** The exit code of a node that ends by itself. */
    int awaitExit(Duration limit) {
        return started().awaitExit(limit);
    }

    /** What this node says about the cluster; nothing if it does not answer. */
    Optional<ClusterStatus> status() {
        var result = host.run(LIST, List.of(program(), "list", "--json", "--node", host.address()));
        return result.exitCode() == 0 ? Optional.of(ClusterStatus.parse(result.output())) : Optional.empty();
    }

    boolean running() {
        return runner != null && runner.running();
    }

    /** SIGKILL to the node's Java process alone. */
    void killJvm() {
        jvm().destroyForcibly();
        started().awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM to the node's Java process, as a supervisor stops it. */
    int stop(Duration limit) {
        ProcessHandle jvm = jvm();
        if (!jvm.destroy()) {
            throw new IllegalStateException("process " + jvm.pid() + " of " + id() + " not asked to end");
        }
        return started().awaitExit(limit);
    }

    /** SIGKILL to the main process of this host's {@code mfsmaster}: the one with no parent of that name. */
    void killMaster() {
        ProcessHandle main = host.processes("mfsmaster").stream()
                .filter(process ->
                        !process.parent().map(Namespace::commandOf).orElse("").equals("mfsmaster"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no mfsmaster on " + id()));
        main.destroyForcibly();
    }

    private ProcessHandle jvm() {
        return started()
                .handle()
                .children()
                .filter(process -> Namespace.commandOf(process).equals("java"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + id() + " does not run; its log: " + log()));
    }

    private Program started() {
        if (runner == null) {
            throw new IllegalStateException("node " + id() + " was not started");
        }
        return runner;
    }

    private static String program() {
        return home().resolve("bin/antler").toString();
    }
}
