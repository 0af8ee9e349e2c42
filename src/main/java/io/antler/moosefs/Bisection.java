package io.antler.moosefs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Finds a change in a changelog file of any size by reading little of it: lines are in the order of versions. */
public final class Bisection {
    private Bisection() {}

    /** Gives a part of the file. */
    public interface Blocks {
        byte[] read(long offset, int length) throws IOException;
    }

    /**
     * A place from which the line of that version, if it is there, comes within four blocks.
     *
     * @param block bytes to read at once, more than the longest line, which has 200 kB
     * @param name of the file, for messages
     * @return 0, or the byte after a line feed
     * @throws BadChangelog if there is no line where one must be
     */
    public static long offsetOf(Blocks blocks, long size, int block, long version, String name) throws IOException {
        long low = 0;
        long high = size;
        while (high - low > 4L * block) {
            long middle = low + (high - low) / 2;
            String text = new String(blocks.read(middle, block), StandardCharsets.ISO_8859_1);
            int line = text.indexOf('\n') + 1;
            int colon = text.indexOf(':', line);
            if (line == 0 || colon < 0 || colon - line > 19 || !isNumber(text, line, colon)) {
                throw new BadChangelog(
                        name, middle, "no line begins in " + block + " bytes", "Look for an older copy of the file");
            }
            if (Long.parseLong(text, line, colon, 10) <= version) {
                low = middle + line;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isNumber(String text, int from, int to) {
        return to > from && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
