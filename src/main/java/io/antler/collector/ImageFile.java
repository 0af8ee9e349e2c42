package io.antler.collector;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.Compression;
import io.antler.moosefs.ImageHeader;
import io.antler.moosefs.MetadataId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /**
     * Uncompressed, and checked.
     *
     * @throws ImageUnusable if it cannot be read, or is not complete any more
     * @throws IOException if the copy cannot be written
     */
    public void copyTo(Path copy) throws IOException {
        try (InputStream in = Compression.decompressed(content.open())) {
            Files.copy(new Named(in), copy);
        }
        ImageHeader copied = headerOf(copy);
        if (copied.version() != version() || !copied.id().equals(id())) {
            throw unusable("it is of version " + copied.version() + " now", null);
        }
    }

    private ImageHeader headerOf(Path copy) throws IOException {
        try {
            return ImageHeader.read(copy);
        } catch (BadImage incomplete) {
            throw unusable(String.valueOf(incomplete.getMessage()), incomplete);
        }
    }

    private ImageUnusable unusable(String problem, @Nullable Throwable cause) {
        return new ImageUnusable(name + " could not be copied: " + problem + ". Try again, or leave it out", cause);
    }

    /** So that a failure to read is not taken for one to write. */
    private final class Named extends FilterInputStream {
        Named(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return super.read(bytes, from, length);
            } catch (IOException failure) {
                throw unusable(failure.toString(), failure);
            }
        }
    }
}
