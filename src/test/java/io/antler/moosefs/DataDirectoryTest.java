package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private final Path path;
    private final DataDirectory directory;

    DataDirectoryTest(@TempDir Path path) {
        this.path = path;
        this.directory = new DataDirectory(path);
    }

    @Test
    void aLockFileThatNobodyLocksIsNotInUse() throws Exception {
        Files.writeString(path.resolve(".mfsmaster.lock"), "1\n");

        assertFalse(directory.inUse());
    }

    @Test
    void theHolderOfTheLockIsNamed() throws Exception {
        Path lock = Files.writeString(path.resolve(".bgwriter.lock"), "");
        Process holder = new ProcessBuilder(
                        "perl",
                        "-e",
                        "use Fcntl; open(F, '+<', $ARGV[0]) or die; my $lock = pack('ssx4qqlx4', F_WRLCK, 0, 0, 0, 0);"
                                + " fcntl(F, F_SETLK, $lock) or die; $| = 1; print qq(locked\\n); sleep 1000",
                        lock.toString())
                .start();
        try {
            assertEquals('l', holder.getInputStream().read());

            assertEquals(OptionalLong.of(holder.pid()), directory.holder());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertFalse(directory.inUse());
    }

    @Test
    void freshCleanAndCrashedAreToldApart() throws Exception {
        assertFalse(directory.hasCleanImage() || directory.needsRestore());

        Files.writeString(path.resolve("metadata.mfs.back"), "MFSM 2.0");
        Files.writeString(path.resolve("changelog.0.mfs"), "");
        assertTrue(directory.needsRestore());

        Files.writeString(path.resolve("metadata.mfs"), "MFSM NEW");
        assertTrue(directory.isFresh() && !directory.needsRestore());
        assertEquals(List.of("changelog.0.mfs", "metadata.mfs", "metadata.mfs.back"), directory.metadataFiles());
    }
}
