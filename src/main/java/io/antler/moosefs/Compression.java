package io.antler.moosefs;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdUtils;
import org.tukaani.xz.XZInputStream;

/**
 * How operators' scripts compress what they save. Told by the first bytes, because names say what somebody wanted. Files of
 * several parts one after the other, as {@code cat} makes them, are read to their end.
 */
public enum Compression {
    GZIP,
    ZSTD,
    XZ,
    BZIP2;

    private static final int SIGNATURE = 6;
    private static final int READ_AT_ONCE = 1 << 16;
    /** {@code xz -9} needs 65 MiB to be read; a dictionary of any size can be asked for by eight bytes. */
    private static final int MOST_MEMORY_KIB = 128 << 10;

    /** Of a file that begins so; empty: it is not compressed. */
    public static Optional<Compression> of(InputStream in) throws IOException {
        byte[] start = in.readNBytes(SIGNATURE);
        return of(start, start.length);
    }

    private static Optional<Compression> of(byte[] start, int length) {
        if (GzipCompressorInputStream.matches(start, length)) {
            return Optional.of(GZIP);
        } else if (ZstdUtils.matches(start, length)) {
            return Optional.of(ZSTD);
        } else if (XZCompressorInputStream.matches(start, length)) {
            return Optional.of(XZ);
        } else if (BZip2CompressorInputStream.matches(start, length)) {
            return Optional.of(BZIP2);
        }
        return Optional.empty();
    }

    /**
     * What is compressed in {@code in}, or {@code in} as it is. What can be read before a bad place of the disk is given, so
     * nothing is read ahead. Closing the result closes {@code in}.
     */
    public static InputStream decompressed(InputStream in) throws IOException {
        byte[] start = in.readNBytes(SIGNATURE);
        var whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
        Optional<Compression> compression = of(start, start.length);
        return compression.isEmpty()
                ? whole
                : compression.get().decompress(new BufferedInputStream(whole, READ_AT_ONCE));
    }

    private InputStream decompress(InputStream in) throws IOException {
        try {
            return new Named(
                    switch (this) {
                        case GZIP ->
                            GzipCompressorInputStream.builder()
                                    .setInputStream(in)
                                    .setDecompressConcatenated(true)
                                    .get();
                        case ZSTD -> new ZstdInputStream(in);
                        case XZ -> new XZInputStream(in, MOST_MEMORY_KIB);
                        case BZIP2 -> new BZip2CompressorInputStream(in, true);
                    });
        } catch (IOException | RuntimeException damaged) {
            throw problem(damaged);
        }
    }

    private IOException problem(Exception failure) {
        return new IOException("the " + this + " data is truncated or damaged (" + failure + ")", failure);
    }

    /** Decoders say what they please about damaged data, some with runtime exceptions. */
    private final class Named extends FilterInputStream {
        Named(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException | RuntimeException damaged) {
                throw problem(damaged);
            }
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return super.read(bytes, from, length);
            } catch (IOException | RuntimeException damaged) {
                throw problem(damaged);
            }
        }
    }
}
