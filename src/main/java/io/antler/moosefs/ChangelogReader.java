package io.antler.moosefs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a changelog file line by line, compressed or not, without making an object of each.
 *
 * <pre>
 * 1207: 1795374474|CREATE(2,f %2Cx,1,438,18,0,0,0):3\n     a line; whether versions follow each other is the caller's business
 * 1208: 17953744                                           a half line at the end, after a crash; may be followed by NULs
 * </pre>
 *
 * <p>Needs as much memory as the longest line, {@link #LONGEST_LINE} at most, and what a decompressor needs. Not
 * thread-safe.
 */
public final class ChangelogReader implements Closeable {
    /** Bytes. An extended attribute of 64 KiB with all its bytes escaped has 192 KiB. */
    public static final int LONGEST_LINE = 1 << 20;

    private static final int READ_AT_ONCE = 1 << 18;
    /** Where the rest of a damaged line is given up: an endless file, or a hole of any size. */
    private static final long LONGEST_DAMAGE = 1L << 30;

    private static final int MOST_DIGITS = 19;
    private static final int MOST_SECONDS_DIGITS = 10;
    private static final int SHOWN = 60;
    private static final String TOO_LONG = "a line has more than " + LONGEST_LINE + " bytes";
    private static final String OTHER_SOURCE = "The changes here must come from another file: look for an older copy";

    private final InputStream in;
    private final String name;
    private byte[] buffer = new byte[READ_AT_ONCE];
    private long bufferOffset; // of buffer[0] in the text
    private int limit;
    private boolean ended; // nothing comes after what is in the buffer
    private int next; // where the next line begins
    private @Nullable HalfLine halfLine;

    // the current line
    private int start;
    private int text;
    private int end;
    private long version;
    private long seconds;

    /**
     * What stands after the last line feed.
     *
     * @param offset in the file's text
     * @param start as far as it was written; empty if there are only NULs
     */
    public record HalfLine(long offset, String start) {}

    private ChangelogReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * @param in compressed or not; closed by {@link #close}, and if this fails
     * @param name of the file, for messages
     */
    public static ChangelogReader of(InputStream in, String name) throws IOException {
        try {
            return new ChangelogReader(Compression.decompressed(in), name);
        } catch (IOException failure) {
            in.close();
            throw unreadable(name, 0, failure);
        }
    }

    /** @throws BadChangelog if it is no regular file, or not readable for this user */
    public static ChangelogReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadChangelog(
                    file.toString(),
                    0,
                    Files.exists(file) ? "it is not a regular file" : "there is no such file",
                    "Name another one");
        }
        try {
            return of(Files.newInputStream(file), file.toString());
        } catch (AccessDeniedException denied) {
            throw new BadChangelog(
                    file.toString(), 0, "this user may not read it", "Read it as root, or change its permissions");
        }
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end of the file; {@link #halfLine} says whether something is left
     * @throws BadChangelog if what comes next is not a line. It has been skipped then: a further call goes on after it, or
     *     returns false if nothing can be read any more
     */
    public boolean next() throws BadChangelog {
        int at = next;
        while (true) {
            at = plainFrom(buffer, at, limit);
            if (at < limit) {
                return buffer[at] == '\n' ? line(next, at) : foreignByte(at);
            }
            if (ended) {
                return atEnd();
            }
            if (limit - next > LONGEST_LINE) {
                long from = offsetOf(next);
                onlyNulsTillTheEnd();
                throw bad(from, TOO_LONG);
            }
            at -= makeRoom();
            fill();
        }
    }

    private boolean line(int from, int lineFeed) throws BadChangelog {
        next = lineFeed + 1;
        start = from;
        end = lineFeed;
        String problem = parse();
        if (problem != null) {
            String shown = string(start, Math.min(end, start + SHOWN));
            throw bad(offset(), problem + ": \"" + shown + (end - start > SHOWN ? "..." : "") + "\"");
        }
        return true;
    }

    private @Nullable String parse() {
        if (end - start > LONGEST_LINE) {
            return TOO_LONG;
        }
        int at = start;
        long number = 0;
        while (isDigit(buffer[at])) {
            number = number * 10 + (buffer[at++] - '0');
        }
        if (at == start) {
            return "a line does not begin with a decimal version";
        }
        if (at - start > MOST_DIGITS || number < 0) {
            return "a version above 2^63 - 1";
        }
        if (buffer[at] != ':' || buffer[at + 1] != ' ') {
            return "no \": \" after the version";
        }
        version = number;
        text = at + 2;
        at = text;
        number = 0;
        while (isDigit(buffer[at])) {
            number = number * 10 + (buffer[at++] - '0');
        }
        if (at == text || at - text > MOST_SECONDS_DIGITS || buffer[at] != '|') {
            return "no time in seconds and '|' after the version";
        }
        seconds = number;
        return null;
    }

    /** The line feed at the end of the line stops it. */
    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** No control character: masters write them, and all that is not ASCII, as %XX. */
    private static int plainFrom(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] >= ' ' || bytes[at] < 0)) {
            at++;
        }
        return at;
    }

    /** NULs up to the end of the file are what a crash leaves of blocks that were not written any more. */
    private boolean foreignByte(int at) throws BadChangelog {
        long from = offsetOf(at);
        byte foreign = buffer[at];
        var half = new HalfLine(offsetOf(next), string(next, at));
        next = at;
        if (onlyNulsTillTheEnd()) {
            halfLine = half;
            return false;
        }
        throw bad(
                from,
                foreign == 0
                        ? "NUL bytes inside a line, " + (offsetOf(next) - from) + " bytes are no changes"
                        : "a control character (0x%02X) inside a line".formatted(foreign));
    }

    /** Leaves {@link #next} after the next line feed, or at the end; tells whether that is the end, with nothing but NULs before it. */
    private boolean onlyNulsTillTheEnd() throws BadChangelog {
        long from = offsetOf(next);
        boolean onlyNuls = true;
        while (true) {
            while (next < limit) {
                byte skipped = buffer[next++];
                if (skipped == '\n') {
                    return false;
                }
                onlyNuls &= skipped == 0;
            }
            if (ended) {
                return onlyNuls;
            }
            if (offsetOf(next) - from > LONGEST_DAMAGE) {
                ended = true;
                next = limit;
                throw bad(from, "no end of the line in " + LONGEST_DAMAGE + " bytes, the rest is not read");
            }
            makeRoom();
            fill();
        }
    }

    private boolean atEnd() {
        if (next < limit) {
            halfLine = new HalfLine(offsetOf(next), string(next, limit));
            next = limit;
        }
        return false;
    }

    /** @return by how much everything in the buffer has moved to its front */
    private int makeRoom() {
        int moved = next;
        if (moved > 0) {
            System.arraycopy(buffer, next, buffer, 0, limit - next);
            bufferOffset += next;
            limit -= next;
            next = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        return moved;
    }

    private void fill() throws BadChangelog {
        try {
            int count = in.read(buffer, limit, buffer.length - limit);
            if (count < 0) {
                ended = true;
            } else {
                limit += count;
            }
        } catch (IOException failure) {
            ended = true;
            next = limit; // half a line at most
            throw unreadable(name, offsetOf(limit), failure);
        }
    }

    private static BadChangelog unreadable(String name, long offset, IOException failure) {
        return new BadChangelog(
                name,
                offset,
                "it cannot be read any further: " + (failure.getMessage() == null ? failure : failure.getMessage()),
                OTHER_SOURCE,
                failure);
    }

    private BadChangelog bad(long offset, String problem) {
        return new BadChangelog(name, offset, problem, OTHER_SOURCE);
    }

    private long offsetOf(int position) {
        return bufferOffset + position;
    }

    private String string(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Of the current line, as are the following; any number of times until {@link #next}. */
    public long version() {
        return version;
    }

    /** When the master made the change, since 1970 (UTC). */
    public long seconds() {
        return seconds;
    }

    /** Where the line begins in the file's text. */
    public long offset() {
        return offsetOf(start);
    }

    /** Bytes with line feed. */
    public int length() {
        return end + 1 - start;
    }

    public Change change() {
        return new Change(version, string(text, end));
    }

    /** Takes bytes where they are; valid during the call. */
    @FunctionalInterface
    public interface Bytes {
        void take(byte[] bytes, int from, int to);
    }

    /** Gives the text, which begins with the time, without making an object of it. */
    public void text(Bytes taker) {
        taker.take(buffer, text, end);
    }

    public boolean hasSameTextAs(ChangelogReader other) {
        return Arrays.equals(buffer, text, end, other.buffer, other.text, other.end);
    }

    /** Whether the whole line begins so. */
    public boolean beginsWith(String beginning) {
        return beginning.length() <= end - start
                && string(start, start + beginning.length()).equals(beginning);
    }

    /** The line as it stands in the file, with line feed. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, start, length());
    }

    /** Present only after {@link #next} has returned false. */
    public Optional<HalfLine> halfLine() {
        return Optional.ofNullable(halfLine);
    }

    public String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
