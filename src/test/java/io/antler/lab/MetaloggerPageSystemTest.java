package io.antler.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The commands of docs/how-to/back-up-with-the-metalogger-alone.md, as they stand there but for names and places: a stock
 * master, the metalogger on another host, and a third host that becomes the master.
 */
@SystemTest
class MetaloggerPageSystemTest extends InLab {
    private static final Path PAGE = Path.of("docs/how-to/back-up-with-the-metalogger-alone.md");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int FILES = 50;

    private final List<List<String>> blocks = new ArrayList<>();

    /** What stands between two lines of {@code ```}. */
    @BeforeEach
    void readThePage() throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                inside = !inside;
                if (inside) {
                    blocks.add(new ArrayList<>());
                }
            } else if (inside) {
                blocks.getLast().add(line);
            }
        }
        assertEquals(4, blocks.size(), "start, configuration, watch, bring back");
    }

    @Test
    void aMasterThatDiedIsBroughtBackFromTheBackup() throws Exception {
        Host old = lab.host("master", 1);
        startMaster(old);
        Mount mount = Mount.start(lab.host("client", 31), "mnt", old.address());
        Host backup = lab.host("backup", 2);
        Path kept = backup.directory().resolve("kept");

        Program metalogger = startMetalogger(backup, old, kept);
        for (int i = 0; i < FILES; i++) {
            Files.createFile(mount.path().resolve("file" + i));
        }
        Await.until(LIMIT, "the last file in the backup", () -> has(kept, ",file" + (FILES - 1) + ","));

        String status = shell(backup, onlyLine(2));
        assertTrue(status.contains("\"state\":\"following\""), status);
        assertTrue(status.contains("\"alarms\":[]"), status);
        old.kill();
        metalogger.kill();
        mount.end();
        Host next = lab.host("next", 3);
        String said = bringBack(next, kept);

        assertTrue(said.contains("changelog_ml.0.mfs"), said);
        Mount again = Mount.start(lab.host("reader", 32), "mnt", next.address());
        for (int i = 0; i < FILES; i++) {
            assertTrue(Files.exists(again.path().resolve("file" + i)), "file" + i);
        }
        again.end();
    }

    /** Stopped and started once, so that it has an image to give before its first full hour. */
    private static void startMaster(Host host) {
        MasterSettings settings = MasterSettings.write(host);
        settings.newFileSystem();
        assertEquals(0, BareMaster.start(host, settings).stop(LIMIT));
        BareMaster.start(host, settings);
    }

    private Program startMetalogger(Host host, Host master, Path directory) {
        Path config = host.write("metalogger.conf", String.join("\n", blocks.get(1)) + "\n");
        String command = onlyLine(0)
                .replace(
                        "antler metalogger", AntlerNode.home().resolve("bin/antler") + " metalogger --config " + config)
                .replace("--master mfsmaster", "--master " + master.address())
                .replace("/var/lib/antler-metalogger", directory.toString());
        Program metalogger = host.start("metalogger", List.of("sh", "-c", "exec " + command));
        return metalogger.awaitReady(
                LIMIT, "follows", () -> metalogger.output().contains("following master " + master.address() + ":9419"));
    }

    private String bringBack(Host host, Path kept) {
        MasterSettings settings = MasterSettings.write(host);
        List<String> commands = blocks.get(3);
        assertEquals("systemctl stop moosefs-master", commands.getFirst(), "nothing runs there yet");
        StringBuilder said = new StringBuilder();
        for (String command : commands.subList(1, commands.size())) {
            said.append(shell(
                    host,
                    command.replace("BACKUP", kept.toString())
                            .replace("/var/lib/mfs/", settings.dataPath() + "/")
                            .replace("mfsmaster -a", "mfsmaster -c " + settings.file() + " -a")));
        }
        return said.toString();
    }

    private String onlyLine(int block) {
        assertEquals(1, blocks.get(block).size(), blocks.get(block).toString());
        return blocks.get(block).getFirst();
    }

    private static String shell(Host host, String command) {
        Shell.Result result = host.run(LIMIT, List.of("sh", "-c", command));
        assertEquals(0, result.exitCode(), () -> command + ": " + result.output() + result.errors());
        return result.output() + result.errors();
    }

    private static boolean has(Path directory, String text) throws IOException {
        return Files.readString(directory.resolve("changelog_ml.0.mfs"), StandardCharsets.ISO_8859_1)
                .contains(text);
    }
}
