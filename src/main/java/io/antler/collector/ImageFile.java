package io.antler.collector;

import io.antler.moosefs.Compression;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A complete image of a source, compressed or not.
 *
 * @param name for messages: where it is
 * @param local if it is a file of this machine
 */
public record ImageFile(String source, String name, ImageHeader header, Optional<Path> local, Opener content) {
    /** @throws io.antler.moosefs.BadImage if it is not complete */
    static ImageFile of(String source, String name, Optional<Path> local, Opener content) throws IOException {
        try (InputStream in = Compression.decompressed(content.open())) {
            return new ImageFile(source, name, ImageHeader.read(in, name), local, content);
        }
    }

    /** Of the first change that is not in it. */
    public long version() {
        return header.version();
    }

    public MetadataId id() {
        return header.id();
    }

    /** Uncompressed. */
    public InputStream open() throws IOException {
        return Compression.decompressed(content.open());
    }
}
