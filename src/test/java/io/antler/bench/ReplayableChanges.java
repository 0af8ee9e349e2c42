package io.antler.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Changes of a new file system that a real master can replay: directories, files in them, and looks at them. */
final class ReplayableChanges {
    private static final int CHANGES_A_SECOND = 1000;
    private static final long START = 1_700_000_000;
    /** Of the directories and files; 1 is the root. */
    private static final int FIRST_INODE = 2;

    private static final int FILES_IN_A_DIRECTORY = 500;

    /** Into files of {@code each}, the newest {@code changelog.0.mfs}. */
    void write(Path directory, long first, long until, int each) throws IOException {
        long number = (until - first - 1) / each;
        for (long from = first; from < until; from += each) {
            try (BufferedWriter file = Files.newBufferedWriter(
                    directory.resolve("changelog." + number-- + ".mfs"), StandardCharsets.US_ASCII)) {
                for (long version = from; version < Math.min(until, from + each); version++) {
                    file.write(line(version));
                }
            }
        }
    }

    private static String line(long version) {
        String start = version + ": " + (START + version / CHANGES_A_SECOND) + "|";
        if (version == 1) {
            return start + "SETMETAID(7711071477388608453)\n";
        }
        long inode = FIRST_INODE + (version - 2) / 2;
        if (version % 2 == 1) {
            return start + "ACCESS(" + inode + ")\n";
        }
        long directory = FIRST_INODE + (inode - FIRST_INODE) / FILES_IN_A_DIRECTORY * FILES_IN_A_DIRECTORY;
        return inode == directory
                ? start + "CREATE(1,directory" + inode + ",2,511,18,0,0,0):" + inode + "\n"
                : start + "CREATE(" + directory + ",file%20number%20" + inode + ".dat,1,420,18,1000,1000,0):" + inode
                        + "\n";
    }
}
