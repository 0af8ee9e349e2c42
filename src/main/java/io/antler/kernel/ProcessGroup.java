package io.antler.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All processes with one group number. */
public final class ProcessGroup {
    private static final int SIGKILL = 9;

    private ProcessGroup() {}

    /** SIGKILL to every member at once; no member is no error. */
    public static void kill(long group) throws IOException {
        if (group <= 1) {
            throw new IllegalArgumentException("group " + group + " is not one of ours");
        }
        var _ = CLibrary.kill((int) -group, SIGKILL);
    }

    /** The living members. A zombie holds no file, no lock and no socket any more and does not count. */
    public static List<Long> members(long group) {
        List<Long> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isLivingMember(process, group)) {
                    members.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list the members of process group " + group, failure);
        }
        return members;
    }

    /** {@code /proc/PID/stat}: number, name in brackets (which may hold anything), state, parent, group. */
    private static boolean isLivingMember(Path process, long group) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            boolean alive = !fields[0].equals("Z") && !fields[0].equals("X");
            return alive && Long.parseLong(fields[2]) == group;
        } catch (IOException ended) {
            return false; // it ended between the listing and here
        }
    }
}
