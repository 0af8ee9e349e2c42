package io.antler.moosefs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterConfigTest {
    private static final Path FILE = Path.of("/etc/mfs/mfsmaster.cfg");

    private final Path directory;

    MasterConfigTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatTheFileDoesNotSayHasTheDefaultsOfThePackage() throws Exception {
        MasterConfig config = MasterConfig.parse(FILE, "# WORKING_USER = nobody\n");

        assertEquals(9419, config.metaloggerPort());
        assertEquals(9420, config.chunkserverPort());
        assertEquals(9421, config.clientPort());
        assertEquals(Path.of("/var/lib/mfs"), config.dataPath());
        assertEquals("mfs", config.user());
        assertEquals(Optional.empty(), config.group());
        assertEquals(Path.of("/etc/mfs/mfsexports.cfg"), config.exports());
    }

    @Test
    void linesAreReadAsTheProgramReadsThem() throws Exception {
        MasterConfig config = MasterConfig.parse(
                FILE,
                "  MATOCL_LISTEN_PORT=1234 \nSYSLOG_IDENT = my  master # one\nno definition\nDATA_PATH = /a\nDATA_PATH=/b\n");

        assertEquals(1234, config.clientPort());
        assertEquals("my  master # one", config.value("SYSLOG_IDENT", ""));
        assertEquals(Path.of("/b"), config.dataPath());
    }

    @Test
    void onlyWhatMustBeOtherwiseIsOverriddenAndSaid() {
        MasterConfig config = MasterConfig.parse(FILE, """
                DATA_PATH = /srv/mfs
                WORKING_USER = moose
                MATOCL_LISTEN_HOST = 10.0.0.1
                CHANGELOG_PRESERVE_SECONDS = 7200
                BACK_LOGS = 1
                EXPORTS_FILENAME = exports.cfg
                """);

        MasterConfig.Generated generated = config.withOverrides(Path.of("/var/lib/antler/master"));

        assertEquals("""
                # Made by Antler from /etc/mfs/mfsmaster.cfg; changes here are lost.
                DATA_PATH = /var/lib/antler/master
                WORKING_USER = moose
                MATOCL_LISTEN_HOST = *
                CHANGELOG_PRESERVE_SECONDS = 7200
                BACK_LOGS = 2
                EXPORTS_FILENAME = /srv/mfs/exports.cfg
                CHANGELOG_SAVE_MODE = 1
                CS_DAYS_TO_REMOVE_UNUSED = 0
                """, generated.text());
        assertEquals(
                List.of(
                        "DATA_PATH = /var/lib/antler/master instead of /srv/mfs: Antler keeps its own data directory; yours is only read.",
                        "MATOCL_LISTEN_HOST = * instead of 10.0.0.1: Antler checks the master over loopback before it takes the address.",
                        "CHANGELOG_SAVE_MODE = 1 instead of the default: each change is in the file before the client is answered, and Antler reads it there when mfsmaster is killed.",
                        "BACK_LOGS = 2 instead of 1: with fewer a 3.0 master dies at the next full hour.",
                        "CS_DAYS_TO_REMOVE_UNUSED = 0 instead of the default: a standby sees no chunkserver for as long as it stands by.",
                        "EXPORTS_FILENAME = /srv/mfs/exports.cfg instead of exports.cfg: it was relative to your data directory."),
                generated.overridden());
    }

    @Test
    void aMissingFileIsNamedWithTheNextStep() {
        var bad = assertThrows(BadMasterConfig.class, () -> MasterConfig.read(directory.resolve("none.cfg")));

        assertEquals(
                directory.resolve("none.cfg") + " does not exist. Correct antler.master.config or create the file.",
                bad.getMessage());
    }

    @Test
    void aMissingExportsFileIsNamed() throws Exception {
        Path file = Files.writeString(
                directory.resolve("mfsmaster.cfg"), "EXPORTS_FILENAME = " + directory.resolve("none") + "\n");

        var bad = assertThrows(BadMasterConfig.class, () -> MasterConfig.read(file));

        assertEquals(
                directory.resolve("none")
                        + " does not exist. mfsmaster does not start without it. Create it or set EXPORTS_FILENAME in "
                        + file + ".",
                bad.getMessage());
    }

    @Test
    void anImpossiblePortIsNamed() throws Exception {
        Path exports = Files.writeString(directory.resolve("exports"), "* / rw\n");
        Path file = Files.writeString(
                directory.resolve("mfsmaster.cfg"), "EXPORTS_FILENAME = " + exports + "\nMATOCS_LISTEN_PORT = 94200\n");

        var bad = assertThrows(BadMasterConfig.class, () -> MasterConfig.read(file));

        assertEquals(file + ": MATOCS_LISTEN_PORT = 94200 is not a port number (1 to 65535).", bad.getMessage());
    }
}
