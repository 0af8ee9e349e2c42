package io.antler.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A stock {@code mfschunkserver}. */
final class ChunkServer {
    private ChunkServer() {}

    /** Returns when it is registered with the master at that address. */
    static Program start(Host host, String master) {
        Path data = Lab.giveToMfs(host.makeDirectory("data"));
        Path disk = Lab.giveToMfs(host.makeDirectory("disk"));
        // No size limit for the disk: the limit counts all that is used on its partition, so a small one leaves nothing
        Path disks = host.write("mfshdd.cfg", disk + System.lineSeparator());
        Path file = host.write("mfschunkserver.cfg", """
            WORKING_USER = mfs
            WORKING_GROUP = mfs
            DATA_PATH = %s
            HDD_CONF_FILENAME = %s
            HDD_LEAVE_SPACE_DEFAULT = 64MiB
            MASTER_HOST = %s
            MASTER_RECONNECTION_DELAY = 1
            """.formatted(data, disks, master));
        var program = host.start("mfschunkserver", List.of("mfschunkserver", "-f", "-c", file.toString(), "start"));
        return program.awaitReady(Duration.ofSeconds(30), "connects to the master", () -> program.output()
                .contains("connected to Master"));
    }
}
