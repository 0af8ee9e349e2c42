package io.antler.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operator's {@code mfsmaster.cfg} of a host, and the data directory it names. */
record MasterSettings(Path file, Path dataPath) {
    static MasterSettings write(Host host) {
        Path data = Lab.giveToMfs(host.makeDirectory("mfs"));
        Path exports = host.write("mfsexports.cfg", """
            * / rw,alldirs,maproot=0
            * . rw
            """);
        Path file = host.write("mfsmaster.cfg", """
            WORKING_USER = mfs
            WORKING_GROUP = mfs
            DATA_PATH = %s
            EXPORTS_FILENAME = %s
            """.formatted(data, exports));
        return new MasterSettings(file, data);
    }

    /** What the Debian package leaves for a first start. */
    void newFileSystem() {
        try {
            Lab.giveToMfs(
                    Files.write(dataPath.resolve("metadata.mfs"), "MFSM NEW".getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
