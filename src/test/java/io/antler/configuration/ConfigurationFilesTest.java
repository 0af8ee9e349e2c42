package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.BadMasterConfig;
import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFilesTest {
    private final Path directory;

    ConfigurationFilesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /** A machine with its own places for the files; topology is missing. */
    private MasterConfig machine(String name, String settings, String exports) throws Exception {
        Path place = Files.createDirectories(directory.resolve(name));
        Files.writeString(place.resolve("exports"), exports, StandardCharsets.ISO_8859_1);
        Path config = Files.writeString(place.resolve("mfsmaster.cfg"), """
                DATA_PATH = /var/lib/mfs
                EXPORTS_FILENAME = %s
                TOPOLOGY_FILENAME = %s
                MULTILAN_IPMAP_FILENAME = %s
                %s""".formatted(
                        place.resolve("exports"), place.resolve("topology"), place.resolve("ipmap"), settings));
        return MasterConfig.read(config);
    }

    @Test
    void checksumsAreTheBeginningsOfSha256() throws Exception {
        var files = ConfigurationFiles.read(machine("a", "", "* / rw\n"));

        assertEquals(Set.of("mfsmaster.cfg", "mfsexports.cfg"), files.texts().keySet());
        assertEquals("180cf2f34115", files.checksums().get("mfsexports.cfg"));
    }

    @Test
    void filesAreReplacedAndTheOldOnesKept() throws Exception {
        MasterConfig config = machine("a", "", "old \u00ff\n");
        Path exports = config.exports();
        Files.setPosixFilePermissions(exports, PosixFilePermissions.fromString("rw-r-----"));
        var texts = new java.util.TreeMap<>(ConfigurationFiles.read(config).texts());
        texts.put("mfsexports.cfg", "new \u00e9\n");
        texts.put("mfstopology.cfg", "10.0.0.0/8 1\n");

        List<Path> changed = new ConfigurationFiles(texts).writeTo(config, config, 7);

        assertEquals(List.of(exports, config.topology()), changed);
        assertEquals("new \u00e9\n", Files.readString(exports, StandardCharsets.ISO_8859_1));
        assertEquals(
                "old \u00ff\n",
                Files.readString(exports.resolveSibling("exports.before-push-7"), StandardCharsets.ISO_8859_1));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(exports)));
        assertEquals("10.0.0.0/8 1\n", Files.readString(config.topology()));
        assertEquals(List.of(), new ConfigurationFiles(texts).writeTo(config, config, 7));
    }

    @Test
    void eachMachineKeepsItsOwnPlaces() throws Exception {
        MasterConfig one = machine("a", "NICE_LEVEL = -5\n# DATA_PATH = /nowhere\n", "a\n");
        MasterConfig other = machine("b", "", "b\n");
        ConfigurationFiles files = ConfigurationFiles.read(one);

        files.writeTo(other, other, 7);

        MasterConfig now = MasterConfig.read(other.file());
        assertEquals("-5", now.value("NICE_LEVEL", ""));
        assertEquals(other.exports(), now.exports());
        assertEquals("a\n", Files.readString(other.exports()));
        assertEquals(files.checksums(), ConfigurationFiles.read(now).checksums());
        assertEquals(List.of(), files.writeTo(now, now, 7));
    }

    @Test
    void ownerGroupAndModeStayAndAnUnfinishedAttemptDoesNotReplaceWhatWasKept() throws Exception {
        MasterConfig config = machine("a", "", "old\n");
        Path exports = config.exports();
        var users = exports.getFileSystem().getUserPrincipalLookupService();
        var view = Files.getFileAttributeView(exports, PosixFileAttributeView.class);
        view.setGroup(users.lookupPrincipalByGroupName("daemon"));
        view.setPermissions(PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(exports.resolveSibling("exports.before-push-7"), "first\n");
        var texts = new java.util.TreeMap<>(ConfigurationFiles.read(config).texts());
        texts.put("mfsexports.cfg", "new\n");

        new ConfigurationFiles(texts).writeTo(config, config, 7);

        var attributes = Files.readAttributes(exports, PosixFileAttributes.class);
        assertEquals("daemon", attributes.group().getName());
        assertEquals("rw-r-----", PosixFilePermissions.toString(attributes.permissions()));
        assertEquals("first\n", Files.readString(exports.resolveSibling("exports.before-push-7")));
    }

    @Test
    void aLastLineWithoutItsEndMakesNoDifference() throws Exception {
        MasterConfig one = machine("a", "NICE_LEVEL = -5", "a\n");
        MasterConfig other = machine("b", "", "a\n");
        ConfigurationFiles files = ConfigurationFiles.read(one);

        files.writeTo(other, other, 7);

        assertEquals(
                files.checksums(),
                ConfigurationFiles.read(MasterConfig.read(other.file())).checksums());
    }

    @Test
    void whatIsWrittenOutAndWhatHoldsWithoutItAreTheSame() throws Exception {
        MasterConfig running = machine("a", "MATOCL_LISTEN_PORT = 9421\nWORKING_USER = mfs\n", "a\n");

        assertEquals(List.of(), ConfigurationFiles.read(machine("b", "", "a\n")).needsRestart(running));
    }

    @Test
    void portsOfARunningNodeStayWhateverItsFileSays() throws Exception {
        MasterConfig running = machine("a", "MATOCL_LISTEN_PORT = 9500\n", "a\n");
        MasterConfig now = machine("a", "MATOCL_LISTEN_PORT = 9600\nNICE_LEVEL = -5\n", "a\n");

        MasterConfig reloaded = now.asFarAsReloadable(running);

        assertEquals(9500, reloaded.clientPort());
        assertEquals("-5", reloaded.value("NICE_LEVEL", ""));
    }

    @Test
    void aDamagedNameIsNamed() throws Exception {
        Path file = machine("a", "", "a\n").file();
        Files.writeString(file, "EXPORTS_FILENAME = a\0b\n");

        var bad = assertThrows(BadMasterConfig.class, () -> MasterConfig.readAlone(file));

        assertTrue(String.valueOf(bad.getMessage()).startsWith(file + ": EXPORTS_FILENAME is not the name of a file"));
    }

    @Test
    void aLinkStaysALink() throws Exception {
        MasterConfig config = machine("a", "", "old\n");
        Path real = directory.resolve("real");
        Files.move(config.exports(), real);
        Files.createSymbolicLink(config.exports(), real);
        var texts = new java.util.TreeMap<>(ConfigurationFiles.read(config).texts());
        texts.put("mfsexports.cfg", "new\n");

        new ConfigurationFiles(texts).writeTo(config, config, 7);

        assertTrue(Files.isSymbolicLink(config.exports()));
        assertEquals("new\n", Files.readString(real));
    }

    @Test
    void whatANodeTakesUpOnlyAtItsStartIsRefusedAndNothingChanged() throws Exception {
        MasterConfig running = machine("a", "", "a\n");
        var wanted = new java.util.TreeMap<>(ConfigurationFiles.read(running).texts());
        wanted.merge("mfsmaster.cfg", "MATOCL_LISTEN_PORT = 9999\n", String::concat);
        wanted.put("mfsexports.cfg", "b\n");
        var files = new ConfigurationFiles(wanted);

        var refused = assertThrows(IOException.class, () -> files.writeTo(running, running, 7));

        assertTrue(String.valueOf(refused.getMessage()).startsWith("MATOCL_LISTEN_PORT is 9421, wanted is 9999: "));
        assertEquals("a\n", Files.readString(running.exports()));
        assertFalse(Files.exists(running.exports().resolveSibling("exports.before-push-7")));
    }

    @Test
    void anEndlessFileIsRefused() throws Exception {
        MasterConfig config = machine("a", "", "x".repeat(256 * 1024 + 1));

        var refused = assertThrows(IOException.class, () -> ConfigurationFiles.read(config));

        assertEquals(
                config.exports() + " has 262145 bytes; a configuration file has at most 262144", refused.getMessage());
    }
}
