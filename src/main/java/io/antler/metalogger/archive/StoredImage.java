package io.antler.metalogger.archive;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * An image of the archive.
 *
 * @param number its generation, 0 is the newest
 * @param version number of the first change that is not in it
 * @param id {@link MetadataId#NONE} of a file system that was never started
 * @param time when it was stored
 * @param bytes of the file
 */
public record StoredImage(int number, Path file, long version, MetadataId id, Instant time, long bytes) {
    /**
     * @throws BadImage if it is truncated or no image
     * @throws IOException if it cannot be read
     */
    static StoredImage of(int number, Path file) throws IOException {
        ImageHeader header = Generations.isCompressed(file) ? ImageHeader.readCompressed(file) : ImageHeader.read(file);
        return new StoredImage(
                number,
                file,
                header.version(),
                header.id(),
                Files.getLastModifiedTime(file).toInstant(),
                Files.size(file));
    }

    public boolean isCompressed() {
        return Generations.isCompressed(file);
    }
}
