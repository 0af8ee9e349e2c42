package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hosts joined by one switch, all on this machine; nothing in it reaches another network. What it makes bears its
 * own prefix or lies below its own directory, and all of that is removed by {@link #close}, also on an interrupt.
 */
final class Lab implements AutoCloseable {
    static final String SWITCH = "switch";
    static final String BRIDGE = "br0";
    static final String NETWORK = "10.77.0.";

    private final LabFiles files;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Thread opener = Thread.currentThread();
    private volatile boolean ended;

    private Lab(LabFiles files) {
        this.files = files;
    }

    /** @throws IllegalStateException if the machine lacks something that the lab needs */
    static Lab open() {
        Requirements.check();
        var lab = new Lab(LabFiles.create());
        Runtime.getRuntime().addShutdownHook(new Thread(lab::closeOnInterrupt, "lab-end"));
        try {
            String namespace = lab.prefix() + "-" + SWITCH;
            Shell.run("ip", "netns", "add", namespace);
            Namespace.run(namespace, "ip", "link", "add", "name", BRIDGE, "type", "bridge");
            Namespace.run(namespace, "ip", "link", "set", "dev", BRIDGE, "up");
            return lab;
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** The host of that name; made and booted when it is asked for the first time. */
    Host host(String name, int lastOctet) {
        return hosts.computeIfAbsent(name, _ -> new Host(
                        name,
                        NETWORK + lastOctet,
                        prefix(),
                        makeDirectory(directory().resolve(name)))
                .boot());
    }

    String prefix() {
        return files.prefix();
    }

    Path directory() {
        return files.directory();
    }

    /** Copies the logs of all programs, which end with the lab otherwise, into {@code target/lab/NAME}. */
    Path saveLogs(String name) {
        Path target = makeDirectory(Path.of("target", "lab", name));
        try (var logs = Files.newDirectoryStream(directory(), Files::isDirectory)) {
            for (Path host : logs) {
                copyLogs(host, target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("logs not copied to " + target, e);
        }
    }

    private static void copyLogs(Path host, Path target) throws IOException {
        try (var logs = Files.newDirectoryStream(host, "*.log")) {
            for (Path log : logs) {
                Files.copy(
                        log,
                        target.resolve(host.getFileName() + "-" + log.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The lab outlives this program; {@code deploy/demo.sh --end} ends it. */
    synchronized void keep() {
        files.release();
        ended = true;
    }

    /** @throws IllegalStateException if something of it is left, with a list of that */
    @Override
    public synchronized void close() {
        boolean interrupted = Thread.interrupted(); // what follows has to wait
        try {
            if (!ended) {
                files.end();
                ended = true;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who made the lab is stopped first, and closes it on its way out; else it would go on making things. */
    private void closeOnInterrupt() {
        if (ended) {
            return;
        }
        System.err.println("interrupted: removing the lab " + prefix());
        opener.interrupt();
        Await.holdsWithin(Duration.ofSeconds(30), () -> ended || !opener.isAlive());
        close();
    }

    /** A directory that every user may enter. */
    static Path makeDirectory(Path path) {
        try {
            Files.createDirectories(path);
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a file or directory to the user that the MooseFS programs run as. */
    static Path giveToMfs(Path path) {
        Shell.run("chown", "-R", "mfs:mfs", path.toString());
        return path;
    }
}
