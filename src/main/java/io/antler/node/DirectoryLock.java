package io.antler.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Only one node runs on a data directory. */
final class DirectoryLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws PremisesUnusable with what to do */
    static DirectoryLock take(Path dataDir) {
        Path file = dataDir.resolve("node.lock");
        try {
            Files.createDirectories(dataDir);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new PremisesUnusable(file + " is locked: another Antler node runs on antler.node.data-dir = "
                        + dataDir + ". Stop it, or give this one another directory.");
            }
            return new DirectoryLock(channel);
        } catch (IOException failure) {
            throw new PremisesUnusable("antler.node.data-dir = " + dataDir + " cannot be used: " + failure
                    + ". It must be a directory that this process may write to.");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.warn("lock file not closed: {}", failure.getMessage());
        }
    }
}
