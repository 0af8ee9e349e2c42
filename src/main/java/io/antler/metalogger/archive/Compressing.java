package io.antler.metalogger.archive;

import io.antler.moosefs.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Makes a compressed copy, and believes it only when it has read it back. */
final class Compressing {
    private static final int AT_ONCE = 1 << 16;

    private Compressing() {}

    /** {@code to} is replaced; it has the time of {@code from}. Not forced to the disk. */
    static void copy(Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(to), AT_ONCE)) {
            in.transferTo(out);
        }
        if (!isSame(from, to)) {
            throw new IOException(to + " is not what was compressed, " + from + ": check the disk");
        }
        Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
    }

    private static boolean isSame(Path plain, Path compressed) throws IOException {
        try (InputStream one = new BufferedInputStream(Files.newInputStream(plain));
                InputStream other = Compression.decompressed(Files.newInputStream(compressed))) {
            byte[] expected = one.readNBytes(AT_ONCE);
            while (expected.length > 0) {
                if (!Arrays.equals(expected, other.readNBytes(expected.length))) {
                    return false;
                }
                expected = one.readNBytes(AT_ONCE);
            }
            return other.read() < 0;
        }
    }
}
