package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A stock {@code mfsmount} on a directory of its host. */
record Mount(Path path, Program program) {
    private static final Duration START = Duration.ofSeconds(40);

    /** Returns when it lists the file system. */
    static Mount start(Host host, String name, String master) {
        Path path = host.makeDirectory(name);
        Program program = host.start(name, List.of("mfsmount", "-f", path.toString(), "-H", master));
        program.awaitReady(START, "mounts the file system", () -> mounted(path));
        Await.bounded(START, "listing of " + path, () -> {
            try (var entries = Files.list(path)) {
                return entries.count();
            }
        });
        return new Mount(path, program);
    }

    /** Waits until the master knows chunkservers with room; before that a write is answered with "no space". */
    Mount awaitSpace() {
        Await.until(
                Duration.ofSeconds(40),
                "space on " + path,
                () -> Await.bounded(START, "statfs of " + path, () -> {
                    return Files.getFileStore(path).getUsableSpace() > 0;
                }));
        return this;
    }

    /** Detaches it at once, also when its master is dead. */
    void end() {
        Shell.run("umount", "--lazy", path.toString());
        program.kill();
    }

    /** Read from the table of mounts: a question to the directory itself could hang. */
    private static boolean mounted(Path path) {
        try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.anyMatch(
                    line -> line.split(" ", -1)[1].replace("\\040", " ").equals(path.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
