package io.antler.moosefs;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files as compressing scripts make them. */
public final class Compressed {
    private Compressed() {}

    public static byte[] with(Compression compression, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = stream(compression, bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static OutputStream stream(Compression compression, OutputStream out) throws IOException {
        return switch (compression) {
            case GZIP -> new GZIPOutputStream(out);
            case ZSTD -> new ZstdOutputStream(out);
            case XZ -> new XZOutputStream(out, new LZMA2Options());
            case BZIP2 -> new BZip2CompressorOutputStream(out);
        };
    }
}
