package io.antler.moosefs;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the sections of an image, and through as much of each as is wanted. Needs a mebibyte whatever the size of the
 * image. Not thread-safe.
 *
 * <pre>
 * header  { name[4] ' ' high '.' low  length:u64  body[length] }  "[MFS EOF MARKER]"
 * </pre>
 */
public final class ImageReader implements Closeable {
    /** What {@link #take} can give at once: a session of 65535 counters has half a mebibyte. */
    public static final int LARGEST = 1 << 20;

    static final String END = "[MFS EOF MARKER]";
    private static final int PREFIX = 24;

    private final InputStream in;
    private final String name;
    private final ImageHeader header;
    private byte[] buffer = new byte[1 << 16];
    private long bufferOffset = PREFIX; // of buffer[0] in the file
    private int position;
    private int limit;
    private @Nullable Section section;
    private long sectionEnd;

    /**
     * @param version as in {@code 0x15}
     * @param offset of its header
     * @param length of its body
     */
    public record Section(String name, int version, long offset, long length) {
        /** {@code 1.5}; above 9, as masters write it: {@code 1.<}. */
        public String shownVersion() {
            return (char) ('0' + (version >> 4)) + "." + (char) ('0' + (version & 0xF));
        }
    }

    private ImageReader(InputStream in, String name) throws IOException {
        this.in = in;
        this.name = name;
        this.header = ImageHeader.readStart(in, name);
    }

    /**
     * @param in not compressed; closed by {@link #close}
     * @param name for messages
     * @throws BadImage if it does not begin as an image does
     */
    public static ImageReader of(InputStream in, String name) throws IOException {
        return new ImageReader(in, name);
    }

    /**
     * Of a file, compressed or not.
     *
     * @throws BadImage if it cannot be read, or does not begin as an image does
     */
    public static ImageReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadImage(
                    file.toString(), Files.exists(file) ? "it is not a regular file" : "there is no such file");
        }
        InputStream in;
        try {
            in = Files.newInputStream(file);
        } catch (AccessDeniedException denied) {
            throw new BadImage(file.toString(), "this user may not read it. Read it as root");
        }
        try {
            return new ImageReader(Compression.decompressed(in), file.toString());
        } catch (IOException bad) {
            in.close();
            throw bad instanceof BadImage
                    ? bad
                    : new BadImage(file.toString(), "it cannot be read: " + bad.getMessage());
        }
    }

    public ImageHeader header() {
        return header;
    }

    public String name() {
        return name;
    }

    /**
     * The header, once nothing is known against it: a new file system has nothing behind it, any other has a version.
     *
     * @throws BadImage otherwise
     */
    ImageHeader checkedHeader() throws IOException {
        if (header.isNew() && fill(1)) {
            throw new BadImage(name, "it begins with \"" + ImageHeader.NEW + "\" but has more bytes instead of 8");
        }
        if (header.version() <= 0) {
            throw new BadImage(name, "its version is " + Long.toUnsignedString(header.version()));
        }
        return header;
    }

    /**
     * Goes to the next section, over what is left of the one before.
     *
     * @return null: the end marker was there, and nothing behind it
     * @throws BadImage if there is no section
     */
    public @Nullable Section next() throws IOException {
        skipToEnd();
        long offset = offset();
        if (!fill(END.length())) {
            throw new BadImage(name, "its end marker is missing: it is truncated or still being written");
        }
        String bytes = new String(buffer, position, END.length(), StandardCharsets.ISO_8859_1);
        if (bytes.equals(END)) {
            position += END.length();
            if (section == null || fill(1)) {
                throw new BadImage(name, "its end marker is not at its end: it is damaged");
            }
            return null;
        }
        Section next = section(bytes, offset);
        position += END.length();
        section = next;
        sectionEnd = offset() + next.length();
        return next;
    }

    private Section section(String bytes, long offset) throws BadImage {
        String sectionName = bytes.substring(0, 4);
        if (!isName(sectionName)) {
            throw new BadImage(name, "no section begins at byte " + offset + ": it is damaged");
        }
        int version = (bytes.charAt(5) - '0' & 0xF) << 4 | (bytes.charAt(7) - '0' & 0xF);
        long length = ByteBuffer.wrap(buffer).getLong(position + 8);
        var read = new Section(sectionName, version, offset, length);
        if (!bytes.startsWith(" " + read.shownVersion(), 4)) {
            throw new BadImage(name, "the section at byte " + offset + " has no version: it is damaged");
        }
        if (section == null) {
            ImageHeader.checkFirst(name, sectionName, version);
        }
        if (length < 0 || length > Long.MAX_VALUE / 2) {
            throw tooShort(sectionName, length);
        }
        return read;
    }

    private static boolean isName(String text) {
        return text.chars().allMatch(letter -> letter >= 'A' && letter <= 'Z');
    }

    private BadImage tooShort(String sectionName, long length) {
        return new BadImage(
                name,
                "its section " + sectionName + " should have " + Long.toUnsignedString(length)
                        + " bytes, more than there are: it is truncated or still being written");
    }

    /** Where the next byte stands in the file, or in what it contains if it is compressed. */
    public long offset() {
        return bufferOffset + position;
    }

    /** Bytes of the section that were not taken. */
    public long left() {
        return sectionEnd - offset();
    }

    /**
     * Goes over the next bytes of the section.
     *
     * @param count at most {@link #LARGEST}
     * @return where they are in {@link #buffer}, until the next call
     * @throws BadImage if the section has fewer
     */
    public int take(int count) throws IOException {
        Section now = current();
        if (count > left()) {
            throw bad("a record at byte " + offset() + " goes over the end of its section " + now.name());
        }
        if (limit - position < count && !fill(count)) {
            throw tooShort(now.name(), now.length());
        }
        int taken = position;
        position += count;
        return taken;
    }

    /** Goes back over bytes that were taken last. */
    void back(int count) {
        position -= count;
    }

    /** Goes over more bytes than can be taken at once. */
    public void skip(long count) throws IOException {
        Section now = current();
        if (count > left() || count < 0) {
            throw bad("a record at byte " + offset() + " goes over the end of its section " + now.name());
        }
        long there = Math.min(count, limit - position);
        position += (int) there;
        if (count == there) {
            return;
        }
        bufferOffset += position;
        position = 0;
        limit = 0;
        try {
            in.skipNBytes(count - there);
        } catch (EOFException _) {
            throw tooShort(now.name(), now.length());
        } catch (IOException failure) {
            throw unreadable(failure);
        }
        bufferOffset += count - there;
    }

    private void skipToEnd() throws IOException {
        if (section != null) {
            skip(left());
        }
    }

    private Section current() {
        Section now = section;
        if (now == null) {
            throw new IllegalStateException("no section yet");
        }
        return now;
    }

    public BadImage bad(String problem) {
        return new BadImage(name, problem + ": it is damaged");
    }

    private BadImage unreadable(IOException failure) {
        return new BadImage(
                name, "it cannot be read from byte " + (bufferOffset + limit) + " on: " + failure.getMessage());
    }

    public byte[] buffer() {
        return buffer;
    }

    public int u8(int at) {
        return buffer[at] & 0xFF;
    }

    public int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    /** As an {@code int}: unsigned. */
    public int u32(int at) {
        return u16(at) << 16 | u16(at + 2);
    }

    public long u64(int at) {
        return ((long) u32(at) << 32) | Integer.toUnsignedLong(u32(at + 4));
    }

    /** @return false: the file ends before */
    private boolean fill(int count) throws IOException {
        if (limit - position >= count) {
            return true;
        }
        byte[] target = count > buffer.length ? new byte[LARGEST] : buffer;
        System.arraycopy(buffer, position, target, 0, limit - position);
        buffer = target;
        bufferOffset += position;
        limit -= position;
        position = 0;
        try {
            while (limit < count) {
                int read = in.read(buffer, limit, buffer.length - limit);
                if (read < 0) {
                    return false;
                }
                limit += read;
            }
        } catch (IOException failure) {
            throw unreadable(failure);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
