package io.antler.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dataDir;

    @Test
    void aDeposedMastersDirectoryIsMovedAsideWithItsEpoch() throws IOException {
        var directories = new Directories(dataDir);
        Files.createDirectories(directories.master());
        Files.writeString(directories.master().resolve("changelog.0.mfs"), "7: 1|X()\n");
        directories.becomesMaster(new Epoch(4));

        Path aside = directories.makeRoom(false).orElseThrow();

        assertTrue(aside.getFileName().toString().startsWith("epoch-4-"));
        assertEquals("7: 1|X()\n", Files.readString(aside.resolve("changelog.0.mfs")));
        assertFalse(Files.exists(directories.master()));
        assertEquals(new Epoch(4), directories.lastEpoch());
    }

    @Test
    void aStandbysDirectoryIsDeleted() throws IOException {
        var directories = new Directories(dataDir);
        Files.createDirectories(directories.master());
        Files.writeString(directories.master().resolve("metadata.mfs.back"), "x");

        assertTrue(directories.makeRoom(false).isEmpty());

        assertFalse(Files.exists(directories.master()));
        assertEquals(Epoch.NONE, directories.lastEpoch());
    }

    @Test
    void theDirectoryOfTheLastStandbyThatFailedIsKept() throws IOException {
        var directories = new Directories(dataDir);
        for (String text : new String[] {"first", "second"}) {
            Files.createDirectories(directories.master());
            Files.writeString(directories.master().resolve("metadata.mfs.back"), text);
            directories.makeRoom(true);
        }

        assertEquals("second", Files.readString(dataDir.resolve("inspect").resolve("metadata.mfs.back")));
        assertFalse(Files.exists(directories.master()));
    }

    @Test
    void aDirectoryOnceMovedAsideIsNotMovedAgain() throws IOException {
        var directories = new Directories(dataDir);
        Files.createDirectories(directories.master());
        directories.becomesMaster(new Epoch(1));
        directories.makeRoom(false);
        Files.createDirectories(directories.master());

        assertTrue(directories.makeRoom(false).isEmpty());
    }

    @Test
    void anUnreadableEpochIsNamed() throws IOException {
        Files.writeString(dataDir.resolve("mastership.last"), "?");

        var failure = assertThrows(UncheckedIOException.class, () -> new Directories(dataDir).lastEpoch());
        assertTrue(String.valueOf(failure.getMessage()).contains("mastership.last"));
    }
}
