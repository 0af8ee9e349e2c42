package io.antler.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.MasterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

        List<Path> changed = new ConfigurationFiles(texts).writeTo(config);

        assertEquals(List.of(exports, config.topology()), changed);
        assertEquals("new \u00e9\n", Files.readString(exports, StandardCharsets.ISO_8859_1));
        assertEquals(
                "old \u00ff\n",
                Files.readString(exports.resolveSibling("exports.before-push"), StandardCharsets.ISO_8859_1));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(exports)));
        assertEquals("10.0.0.0/8 1\n", Files.readString(config.topology()));
        assertEquals(List.of(), new ConfigurationFiles(texts).writeTo(config));
    }

    @Test
    void eachMachineKeepsItsOwnPlaces() throws Exception {
        MasterConfig one = machine("a", "NICE_LEVEL = -5\n# DATA_PATH = /nowhere\n", "a\n");
        MasterConfig other = machine("b", "", "b\n");
        ConfigurationFiles files = ConfigurationFiles.read(one);

        files.writeTo(other);

        MasterConfig now = MasterConfig.read(other.file());
        assertEquals("-5", now.value("NICE_LEVEL", ""));
        assertEquals(other.exports(), now.exports());
        assertEquals("a\n", Files.readString(other.exports()));
        assertEquals(files.checksums(), ConfigurationFiles.read(now).checksums());
        assertEquals(List.of(), files.writeTo(now));
    }

    @Test
    void aLinkStaysALink() throws Exception {
        MasterConfig config = machine("a", "", "old\n");
        Path real = directory.resolve("real");
        Files.move(config.exports(), real);
        Files.createSymbolicLink(config.exports(), real);
        var texts = new java.util.TreeMap<>(ConfigurationFiles.read(config).texts());
        texts.put("mfsexports.cfg", "new\n");

        new ConfigurationFiles(texts).writeTo(config);

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

        var refused = assertThrows(IOException.class, () -> files.writeTo(running));

        assertTrue(String.valueOf(refused.getMessage()).startsWith("MATOCL_LISTEN_PORT is not set, wanted is 9999: "));
        assertEquals("a\n", Files.readString(running.exports()));
        assertFalse(Files.exists(running.exports().resolveSibling("exports.before-push")));
    }

    @Test
    void anEndlessFileIsRefused() throws Exception {
        MasterConfig config = machine("a", "", "x".repeat(256 * 1024 + 1));

        var refused = assertThrows(IOException.class, () -> ConfigurationFiles.read(config));

        assertEquals(
                config.exports() + " has 262145 bytes; a configuration file has at most 262144", refused.getMessage());
    }
}
