package io.antler.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the lab needs of the machine. */
final class Requirements {
    private static final List<String> PROGRAMS =
            List.of("ip", "nsenter", "setsid", "nft", "umount", "chown", "mfsmaster", "mfschunkserver", "mfsmount");
    private static final List<String> DIRECTORIES =
            List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin");

    private Requirements() {}

    /** Network namespaces, mounts, and the ids of other users belong to root. */
    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** @throws IllegalStateException naming all that is missing */
    static void check() {
        if (!root()) {
            throw new IllegalStateException("The lab makes network namespaces and mounts: run it as root.");
        }
        List<String> missing = Stream.concat(
                        PROGRAMS.stream().filter(Requirements::notInstalled),
                        Stream.of("/dev/fuse").filter(device -> !Files.exists(Path.of(device))))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "The lab misses %s. deploy/test.sh and deploy/demo.sh install it; for /dev/fuse: modprobe fuse"
                            .formatted(missing));
        }
    }

    private static boolean notInstalled(String program) {
        return DIRECTORIES.stream().noneMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
