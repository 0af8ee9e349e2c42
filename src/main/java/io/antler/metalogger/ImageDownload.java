package io.antler.metalogger;

import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches the last saved image of a running master from its metalogger port. Blocks: not for an actor's thread. */
public final class ImageDownload {
    private ImageDownload() {}

    /**
     * As {@link #fetch(MasterFiles, Path)}, on a connection of its own.
     *
     * @param timeout for each answer
     */
    public static ImageHeader fetch(InetSocketAddress master, Path target, Duration timeout) throws IOException {
        try (MasterFiles files = MasterFiles.open(master, timeout)) {
            return fetch(files, target);
        }
    }

    /**
     * What the beginning of the master's image says, without the rest of it.
     *
     * @throws NoImage if the master has none now
     */
    public static ImageHeader header(MasterFiles files) throws IOException {
        try (InputStream in = files.image().from(0)) {
            return ImageHeader.readStart(in, "the image of the master");
        }
    }

    /**
     * The file appears under its name only when it is complete, verified and on disk; it replaces one that is there.
     *
     * @return the version is at most one save interval old
     * @throws NoImage if the master has none now
     * @throws io.antler.moosefs.BadImage if what it sent is none
     */
    public static ImageHeader fetch(MasterFiles files, Path target) throws IOException {
        Path beside = DurableFile.beside(target);
        try {
            files.image().copyTo(beside);
            ImageHeader header = ImageHeader.read(beside);
            DurableFile.publish(beside, target);
            return header;
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
