package io.antler.moosefs;

/**
 * One change of the file system metadata, as the master writes it: {@code <version>: <seconds>|<OPERATION>(<arguments>)}.
 *
 * <p>Applying it to metadata of version {@code version} gives metadata of version {@code version + 1}.
 *
 * @param version metadata version before the change; never negative here
 * @param text everything after {@code ": "}, without the line feed; begins with the time in seconds since 1970 (UTC).
 *     ISO-8859-1: one character a byte, so that every byte comes back as it was
 */
public record Change(long version, String text) {
    private static final int MOST_DIGITS = 19;

    public Change {
        if (version < 0) {
            throw new IllegalArgumentException("version " + version + " is negative");
        }
    }

    /**
     * Reads one line, without its line feed. A file cut by a power loss ends in half a line; only the caller knows whether
     * this is the last one.
     *
     * @throws BadChange if the line is not a decimal number, {@code ": "}, and a text that begins with seconds and
     *     {@code '|'}
     */
    public static Change parse(String line) {
        int digits = digitsFrom(line, 0);
        if (digits == 0) {
            throw new BadChange("does not begin with a decimal version", line);
        }
        if (!line.startsWith(": ", digits)) {
            throw new BadChange("no \": \" after the version", line);
        }
        int text = digits + 2;
        int seconds = digitsFrom(line, text);
        if (seconds == text || !line.startsWith("|", seconds)) {
            throw new BadChange("no time in seconds and '|' after the version", line);
        }
        if (line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
            throw new BadChange("a line feed or NUL inside", line);
        }
        return new Change(version(line, digits), line.substring(text));
    }

    private static int digitsFrom(String line, int start) {
        int end = start;
        while (end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static long version(String line, int digits) {
        if (digits <= MOST_DIGITS) {
            long version = Long.parseUnsignedLong(line, 0, digits, 10); // 19 digits fit
            if (version >= 0) {
                return version;
            }
        }
        throw new BadChange("version above 2^63 - 1", line);
    }

    /** Whether {@link ChangelogReader} takes its line: the text begins with seconds and {@code '|'}, and has no control character. */
    public boolean isReadable() {
        int seconds = digitsFrom(text, 0);
        return seconds > 0
                && seconds <= 10
                && text.startsWith("|", seconds)
                && text.length() < ChangelogReader.LONGEST_LINE / 2
                && text.chars().allMatch(character -> character >= ' ');
    }

    /** The line as it stands in a changelog file, without the line feed. */
    public String line() {
        return version + ": " + text;
    }
}
