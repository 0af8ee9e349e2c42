package io.antler.metalogger;

import io.antler.moosefs.MasterProbe;
import io.antler.moosefs.MetadataId;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A stock {@code mfsmaster} with an empty file system on loopback, and mounts of it. Needs root. */
public final class RealMaster implements Closeable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String HOST = LOOPBACK.getHostAddress();

    /** Below the ports that the kernel gives to outgoing connections: whoever tries again and again to reach one would hold it. */
    private static final int PORT = 29419;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Release release;
    private final Path directory;
    private final int port;
    private final List<Path> mounts = new ArrayList<>();
    private final List<Process> children = new ArrayList<>();

    /** Which stock programs. */
    public enum Release {
        /** Of this machine. */
        V3("/usr/sbin/mfsmaster", "/usr/bin/mfsmount"),
        /** Of Debian 13, as {@code deploy/test.sh} installs it beside. */
        V4("/var/tmp/antler-moosefs-4/antler/mfsmaster", "/var/tmp/antler-moosefs-4/antler/mfsmount");

        private final String master;
        private final String mount;

        Release(String master, String mount) {
            this.master = master;
            this.mount = mount;
        }

        public Path program() {
            return Path.of(master);
        }
    }

    private RealMaster(Release release, Path directory, int port) {
        this.release = release;
        this.directory = directory;
        this.port = port;
    }

    public static RealMaster start(Path directory) throws IOException {
        return start(Release.V3, directory);
    }

    public static RealMaster start(Release release, Path directory) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("metadata.mfs"), "MFSM NEW");
        return start(release, directory, PORT, List.of());
    }

    /** {@code mfsmaster -a} on {@code directory/data}, with ports of its own. */
    public static RealMaster restore(Release release, Path directory) throws IOException {
        return start(release, directory, PORT + 10, List.of("-a"));
    }

    private static RealMaster start(Release release, Path directory, int port, List<String> options)
            throws IOException {
        Path data = directory.resolve("data");
        Path exports =
                Files.writeString(directory.resolve("mfsexports.cfg"), "* / rw,alldirs,admin,maproot=0:0\n* . rw\n");
        Path config = Files.writeString(
                directory.resolve("mfsmaster.cfg"), """
                WORKING_USER = root
                WORKING_GROUP = root
                NICE_LEVEL = 0
                DATA_PATH = %s
                EXPORTS_FILENAME = %s
                MATOML_LISTEN_HOST = %s
                MATOML_LISTEN_PORT = %d
                MATOCS_LISTEN_HOST = %3$s
                MATOCS_LISTEN_PORT = %d
                MATOCL_LISTEN_HOST = %3$s
                MATOCL_LISTEN_PORT = %d
                """.formatted(data, exports, HOST, port, port + 1, port + 2));
        var master = new RealMaster(release, directory, port);
        try {
            master.run(config, options);
            return master;
        } catch (AssertionError e) {
            master.close();
            throw e;
        }
    }

    private void run(Path config, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(release.master, "-n", "-f", "-c", config.toString()));
        command.addAll(options);
        command.add("start");
        Process process = run(command.toArray(String[]::new));
        await("the master's answer", () -> answers() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(
                    "the master ended with " + process.exitValue() + ":\n" + Files.readString(log(release.master)));
        }
    }

    private Path log(String program) {
        return directory.resolve(Path.of(program).getFileName() + ".log");
    }

    /** A clean stop and a plain start: from then on it has an image to give. */
    public void restart() throws IOException, InterruptedException {
        Process old = children.removeFirst();
        old.destroy();
        if (!old.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            children.addFirst(old);
            throw new AssertionError("the master did not stop");
        }
        run(directory.resolve("mfsmaster.cfg"), List.of());
        children.addFirst(children.removeLast());
    }

    private Process run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(command[0]).toFile()))
                .start();
        children.add(process);
        return process;
    }

    private boolean answers() {
        try {
            return !ask().id().isNone();
        } catch (IOException e) {
            return false;
        }
    }

    public MasterProbe.Answer ask() throws IOException {
        return MasterProbe.ask(clientPort(), Duration.ofSeconds(5));
    }

    public InetSocketAddress changesPort() {
        return new InetSocketAddress(LOOPBACK, port);
    }

    public InetSocketAddress clientPort() {
        return new InetSocketAddress(LOOPBACK, port + 2);
    }

    Metalogger.Target target() throws IOException {
        MetadataId id = ask().id();
        return new Metalogger.Target(changesPort(), clientPort(), id);
    }

    /** @param options of {@code mfsmount} */
    public Path mount(String... options) throws IOException {
        Path mount = Files.createDirectories(directory.resolve("mount" + mounts.size()));
        List<String> command =
                new ArrayList<>(List.of(release.mount, "-f", "-H", HOST, "-P", Integer.toString(port + 2)));
        command.addAll(List.of(options));
        command.add(mount.toString());
        run(command.toArray(String[]::new));
        mounts.add(mount);
        await("mount " + mount, () -> isMounted(mount));
        return mount;
    }

    private static boolean isMounted(Path mount) {
        try {
            return Files.readString(Path.of("/proc/mounts")).contains(" " + mount + " ");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes directories in all mounts from several threads each. */
    public void makeDirectories(int threadsOfEach, int directoriesOfEach)
            throws InterruptedException, ExecutionException {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (Path mount : mounts) {
            for (int i = 0; i < threadsOfEach; i++) {
                String name = mount.getFileName() + "-" + i;
                var made = new CompletableFuture<Void>();
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        Path parent = Files.createTempDirectory(mount, name);
                        for (int n = 0; n < directoriesOfEach; n++) {
                            Files.createDirectory(parent.resolve("d" + n));
                        }
                        made.complete(null);
                    } catch (IOException e) {
                        made.completeExceptionally(e);
                    }
                });
                threads.add(made);
            }
        }
        for (CompletableFuture<Void> made : threads) {
            made.get();
        }
    }

    /** {@code kill -9} of the master and its children, then {@code mfsmaster -a} on what that left. Mounts stay. */
    public void crashAndRestore() throws IOException, InterruptedException {
        Process old = children.removeFirst();
        List<ProcessHandle> all = old.descendants().toList();
        old.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle child : all) {
            child.onExit().join();
        }
        run(directory.resolve("mfsmaster.cfg"), List.of("-a"));
        children.addFirst(children.removeLast());
    }

    public void kill() {
        children.getFirst().destroyForcibly();
    }

    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (Path mount : mounts) {
                new ProcessBuilder("umount", "-l", mount.toString()).start().waitFor();
            }
            for (Process child : children.reversed()) {
                child.destroyForcibly();
                child.waitFor(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while cleaning up", e);
        }
    }
}
