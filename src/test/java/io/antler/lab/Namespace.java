package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Named network namespaces and the processes in them. */
final class Namespace {
    private static final Path NAMED = Path.of("/run/netns");
    private static final Path PROC = Path.of("/proc");

    private Namespace() {}

    static Path path(String namespace) {
        return NAMED.resolve(namespace);
    }

    static List<String> entering(String namespace, List<String> command) {
        var all = new ArrayList<>(List.of("nsenter", "--net=" + path(namespace)));
        all.addAll(command);
        return List.copyOf(all);
    }

    static String run(String namespace, String... command) {
        return Shell.run(Duration.ofSeconds(20), entering(namespace, List.of(command)))
                .orThrow();
    }

    static List<String> startingWith(String prefix) {
        if (!Files.isDirectory(NAMED)) {
            return List.of();
        }
        try (var all = Files.list(NAMED)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ProcessHandle> processes(String namespace) {
        String link;
        try {
            link = "net:[" + Files.getAttribute(path(namespace), "unix:ino") + "]";
        } catch (IOException e) {
            throw new UncheckedIOException("namespace " + namespace + " not found", e);
        }
        return ProcessHandle.allProcesses()
                .filter(process -> link.equals(networkOf(process)))
                .toList();
    }

    /** SIGKILL to every process in the namespace, and to no other, until none is left. */
    static void killAll(String namespace) {
        Await.until(Duration.ofSeconds(10), "end of all processes in " + namespace, () -> {
            List<ProcessHandle> alive = processes(namespace);
            alive.forEach(ProcessHandle::destroyForcibly);
            return alive.isEmpty();
        });
    }

    /** Empty for a process that has ended. */
    static String commandOf(ProcessHandle process) {
        try {
            return Files.readString(PROC.resolve(process.pid() + "/comm")).strip();
        } catch (IOException _) {
            return "";
        }
    }

    /** Empty for a process that has ended, a zombie among them. */
    private static String networkOf(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(PROC.resolve(process.pid() + "/ns/net"))
                    .toString();
        } catch (IOException _) {
            return "";
        }
    }
}
