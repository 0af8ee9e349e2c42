package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host of the lab: a network namespace with one interface, {@code eth0}, plugged into the lab's switch.
 * It is entered with {@code nsenter} and not {@code ip netns exec}: the latter makes a mount namespace of its own, and
 * what is mounted in there is not seen outside.
 */
final class Host {
    private final String name;
    private final String address;
    private final String namespace;
    private final String switchNamespace;
    private final Path directory;
    private @Nullable SmallDisk smallDisk;

    Host(String name, String address, String prefix, Path directory) {
        this.name = name;
        this.address = address;
        this.namespace = prefix + "-" + name;
        this.switchNamespace = prefix + "-" + Lab.SWITCH;
        this.directory = directory;
    }

    String name() {
        return name;
    }

    /** Without prefix length. */
    String address() {
        return address;
    }

    String namespace() {
        return namespace;
    }

    /** The host's own files; every user may enter it, because the MooseFS programs change theirs. */
    Path directory() {
        return directory;
    }

    /** Switches the machine on: a fresh namespace, nothing runs on it. */
    Host boot() {
        if (Files.exists(Namespace.path(namespace))) {
            Namespace.run(switchNamespace, "ip", "link", "del", "dev", name);
            Shell.run("ip", "netns", "del", namespace);
        }
        Shell.run("ip", "netns", "add", namespace);
        Namespace.run(
                switchNamespace,
                "ip",
                "link",
                "add",
                "name",
                name,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                namespace);
        Namespace.run(switchNamespace, "ip", "link", "set", "dev", name, "master", Lab.BRIDGE, "up");
        Namespace.run(namespace, "ip", "link", "set", "dev", "lo", "up");
        Namespace.run(namespace, "ip", "address", "add", address + "/24", "dev", "eth0");
        Namespace.run(namespace, "ip", "link", "set", "dev", "eth0", "up");
        return this;
    }

    /** Runs a command in the host to its end. */
    Shell.Result run(Duration limit, List<String> command) {
        return Shell.run(limit, Namespace.entering(namespace, command));
    }

    String run(String... command) {
        return Namespace.run(namespace, command);
    }

    Program start(String programName, List<String> command) {
        var all = new ArrayList<>(List.of("setsid"));
        all.addAll(Namespace.entering(namespace, command));
        return Program.start(programName + " on " + name, all, directory.resolve(programName + ".log"));
    }

    /** Pulls the cable. */
    void cut() {
        Namespace.run(switchNamespace, "ip", "link", "set", "dev", name, "down");
    }

    /** The host sends, and hears nothing any more, not even ARP. */
    void cutIncoming() {
        drop("egress");
    }

    /** The host hears everything, and nobody hears it. */
    void cutOutgoing() {
        drop("ingress");
    }

    /** Ends every cut. */
    void heal() {
        Namespace.run(switchNamespace, "nft", "add table netdev " + table() + "; delete table netdev " + table());
        Namespace.run(switchNamespace, "ip", "link", "set", "dev", name, "up");
    }

    /** For a person: the shell command that undoes {@link #cut}. */
    String healCommand() {
        return "nsenter --net=%s ip link set dev %s up".formatted(Namespace.path(switchNamespace), name);
    }

    /**
     * The whole host dies: first nothing reaches the network any more, then everything on it is killed. What it
     * had sent before stays sent, and nobody gets a farewell from a dying process.
     *
     * @return when it was cut off
     */
    Instant kill() {
        cut();
        Instant fault = Instant.now();
        Namespace.killAll(namespace);
        return fault;
    }

    List<ProcessHandle> processes() {
        return Namespace.processes(namespace);
    }

    /** The host's processes of that name, as {@code /proc/PID/comm} says it. */
    List<ProcessHandle> processes(String command) {
        return processes().stream()
                .filter(process -> Namespace.commandOf(process).equals(command))
                .toList();
    }

    Path makeDirectory(String directoryName) {
        return Lab.makeDirectory(directory.resolve(directoryName));
    }

    /** A directory whose file system can be filled up; it goes with the lab. */
    void mountSmallDisk(String directoryName, int sizeMiB) {
        try {
            smallDisk = SmallDisk.mount(makeDirectory(directoryName), sizeMiB);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SmallDisk smallDisk() {
        return Objects.requireNonNull(smallDisk);
    }

    Path write(String fileName, String content) {
        try {
            return Files.writeString(directory.resolve(fileName), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drop(String hook) {
        Namespace.run(
                switchNamespace,
                "nft",
                "add table netdev %1$s; add chain netdev %1$s %2$s { type filter hook %2$s device \"%3$s\" priority 0; policy drop; }"
                        .formatted(table(), hook, name));
    }

    private String table() {
        return "cut_" + name;
    }
}
