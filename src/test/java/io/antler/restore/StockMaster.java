package io.antler.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.antler.moosefs.Change;
import io.antler.moosefs.StockProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real file system on loopback that was changed through a real mount: an image, and the changes made since. */
record StockMaster(Path image, long imageVersion, List<Change> changes) {
    static final Path PROGRAM = Path.of("/usr/sbin/mfsmaster");
    static final int CLIENT_PORT = 29421;

    static StockMaster make(Path directory) throws Exception {
        allowEntry(directory);
        Path data = Files.createDirectories(directory.resolve("plain"));
        Files.writeString(data.resolve("metadata.mfs"), "MFSM NEW");
        run("chown", "-R", "mfs:mfs", data.toString());
        Path config = config(directory, data);
        try (StockProcess first = start(data, config)) {
            stop(first); // so that it has an id
        }
        Path image = directory.resolve("image");
        Files.copy(data.resolve("metadata.mfs"), image);
        try (StockProcess second = start(data, config)) {
            makeDirectories(directory.resolve("mount"), 300);
            stop(second);
        }
        List<Change> changes = changes(data.resolve("changelog.1.mfs"));
        long version = ByteBuffer.wrap(Files.readAllBytes(image)).getLong(8);
        assertEquals(version, changes.getFirst().version());
        return new StockMaster(image, version, changes);
    }

    /** Ports other than a real master's, on loopback, so that nothing else is disturbed. */
    static Path config(Path directory, Path data) throws IOException {
        Path exports = directory.resolve("mfsexports.cfg");
        Files.writeString(exports, "* / rw,alldirs,maproot=0\n");
        StringBuilder text = new StringBuilder(
                "CHANGELOG_SAVE_MODE = 1\nDATA_PATH = %s\nEXPORTS_FILENAME = %s\n".formatted(data, exports));
        int port = CLIENT_PORT - 2;
        for (String who : List.of("MATOML", "MATOCS", "MATOCL")) {
            text.append("%s_LISTEN_HOST = 127.0.0.1%n%s_LISTEN_PORT = %d%n".formatted(who, who, port++));
        }
        return Files.writeString(directory.resolve(data.getFileName() + ".cfg"), text);
    }

    static StockProcess start(Path data, Path config, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-f", "-c", config.toString()));
        command.addAll(List.of(options));
        command.add("start");
        StockProcess process = StockProcess.start(data, command, line -> {});
        eventually(StockMaster::listens);
        return process;
    }

    static void stop(StockProcess process) throws Exception {
        process.terminate();
        assertEquals(0, process.onExit().toCompletableFuture().get(60, TimeUnit.SECONDS));
    }

    private static void makeDirectories(Path mount, int count) throws Exception {
        mounted(mount, () -> {
            for (int i = 0; i < count; i++) {
                Files.createDirectory(mount.resolve("directory" + i));
            }
        });
    }

    interface Work {
        void run() throws Exception;
    }

    static void mounted(Path mount, Work work) throws Exception {
        Files.createDirectories(mount);
        run("mfsmount", mount.toString(), "-H", "127.0.0.1", "-P", String.valueOf(CLIENT_PORT));
        try {
            work.run();
        } finally {
            run("umount", mount.toString());
        }
    }

    private static List<Change> changes(Path changelog) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (String line : Files.readAllLines(changelog, StandardCharsets.ISO_8859_1)) {
            int colon = line.indexOf(": ");
            changes.add(new Change(Long.parseLong(line.substring(0, colon)), line.substring(colon + 2)));
        }
        return changes;
    }

    static boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), CLIENT_PORT), 1000);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** CLTOMA_INFO: the answer has type 511, the metadata version at 121. */
    static long metadataVersion() throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), CLIENT_PORT)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(new byte[] {0, 0, 1, (byte) 0xFE, 0, 0, 0, 0});
            var input = new DataInputStream(socket.getInputStream());
            while (true) {
                int type = input.readInt();
                byte[] payload = input.readNBytes(input.readInt());
                if (type == 511) {
                    return ByteBuffer.wrap(payload).getLong(121);
                }
            }
        }
    }

    static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
    }

    /** The master's user must get at its data directory; a temporary directory is root's alone. */
    static void allowEntry(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not as expected within a minute");
            }
            LockSupport.parkNanos(2_000_000); // between two looks
        }
    }
}
