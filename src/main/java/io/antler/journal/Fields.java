package io.antler.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The journal's own encoding: a format version, then big-endian fields one after another. */
final class Fields {
    private Fields() {}

    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] write(int format, Writer fields) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(format);
            fields.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("not encoded: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    static <T> T read(String what, int format, byte[] bytes, Reader<T> fields) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int found = in.readUnsignedByte();
            if (found != format) {
                throw new IOException("format " + found + " is not known, only " + format
                        + "; a newer release of Antler wrote it: install that release here");
            }
            T result = fields.read(in);
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    what + " of " + bytes.length + " bytes is not readable: " + e.getMessage(), e);
        }
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " where " + in.available() + " bytes are left");
        }
        return in.readNBytes(length);
    }
}
