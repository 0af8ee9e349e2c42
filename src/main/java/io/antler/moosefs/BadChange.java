package io.antler.moosefs;

/** A line that is not a change; the message says what is wrong with it. */
public final class BadChange extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 80;

    BadChange(String problem, String line) {
        super(problem + ": \"" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...") + "\"");
    }
}
