package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What a lab leaves on the machine while it exists: namespaces that begin with its prefix, the processes in them,
 * and a directory with mounts below. The directory's name tells the prefix, and a file in it the owning process, so a
 * lab can be ended by another process than the one that made it.
 */
record LabFiles(String prefix, Path directory) {
    private static final String DIRECTORY = "antler-lab-";
    private static final String OWNER = "owner";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static LabFiles create() {
        var random = new SplittableRandom();
        try {
            while (true) {
                String prefix = "al" + Integer.toString(random.nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
                Path directory = temporary().resolve(DIRECTORY + prefix);
                try {
                    Files.createDirectory(directory);
                } catch (FileAlreadyExistsException _) {
                    continue; // another lab has this prefix
                }
                Lab.makeDirectory(directory);
                Files.writeString(directory.resolve(OWNER), identity(ProcessHandle.current()));
                return new LabFiles(prefix, directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("directory of the lab not made in " + temporary(), e);
        }
    }

    /** All labs of this machine, running or left over. */
    static List<LabFiles> all() {
        try (var entries = Files.list(temporary())) {
            return entries.filter(path -> path.getFileName().toString().matches(DIRECTORY + "al[0-9a-z]{4}"))
                    .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> new LabFiles(path.getFileName().toString().substring(DIRECTORY.length()), path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on it belongs to no process. */
    void release() {
        try {
            Files.delete(directory.resolve(OWNER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process that made it still runs and has not released it. */
    boolean owned() {
        try {
            String owner = Files.readString(directory.resolve(OWNER));
            return ProcessHandle.of(Long.parseLong(owner.substring(0, owner.indexOf(' '))))
                    .map(LabFiles::identity)
                    .filter(owner::equals)
                    .isPresent();
        } catch (IOException _) {
            return false; // released
        }
    }

    /** @throws IllegalStateException with a list of what could not be removed */
    void end() {
        unmountAll();
        namespaces().forEach(Namespace::killAll);
        unmountAll();
        namespaces().forEach(name -> Shell.run("ip", "netns", "del", name));
        List<String> left = left();
        if (!left.isEmpty()) {
            throw new IllegalStateException("left of the lab " + prefix + ": " + left);
        }
        deleteDirectory();
    }

    List<String> left() {
        var left = new ArrayList<String>();
        mounts().forEach(mount -> left.add("mount " + mount));
        namespaces().forEach(name -> {
            left.add("namespace " + name);
            Namespace.processes(name).forEach(process -> left.add("process " + process.pid()));
        });
        return left;
    }

    private List<String> namespaces() {
        return Namespace.startingWith(prefix + "-");
    }

    /** Lazily: a mount whose master is dead would hang otherwise. */
    private void unmountAll() {
        mounts().forEach(mount -> Shell.run(LIMIT, List.of("umount", "--lazy", "--no-canonicalize", mount)));
    }

    /** The deepest first. */
    private List<String> mounts() {
        try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.map(line -> line.split(" ", -1)[1].replace("\\040", " "))
                    .filter(mount -> mount.startsWith(directory + "/"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only after {@link #left} has found no mount below: else this would delete what is in the mounted file system. */
    private void deleteDirectory() {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("directory of the lab not removed: " + directory, e);
        }
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " " + process.info().startInstant().orElseThrow();
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
