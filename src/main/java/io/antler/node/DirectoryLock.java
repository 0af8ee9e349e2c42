package io.antler.node;

import io.antler.metalogger.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Only one process runs on a directory. */
final class DirectoryLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param file the lock; its directory is made if it is missing
     * @param named the directory as the operator named it, for messages
     * @throws PremisesUnusable with what to do
     */
    static DirectoryLock take(Path file, String named) {
        try {
            Files.createDirectories(DurableFile.directoryOf(file));
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new PremisesUnusable(file + " is locked: another Antler process runs on " + named
                        + ". Stop it, or give this one another directory.");
            }
            return new DirectoryLock(channel);
        } catch (IOException failure) {
            throw new PremisesUnusable(
                    named + " cannot be used: " + failure + ". It must be a directory that this process may write to.");
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
