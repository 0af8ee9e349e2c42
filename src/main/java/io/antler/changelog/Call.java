package io.antler.changelog;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One change taken apart, without copying anything: {@code OPERATION(argument,...):result,...}. Used for one after the
 * other.
 */
final class Call {
    /** A storage class can have 9 labels for each of 4 purposes, in 3.0 with 4 masks each. */
    private static final int MOST = 256;

    private byte[] bytes = {};
    private int start;
    private int end;
    private int nameEnd;
    private final int[] from = new int[MOST];
    private final int[] to = new int[MOST];
    private int tokens;
    private int arguments;
    private @Nullable Operation operation;
    private @Nullable Form form;

    /** @param newStart of the operation's name, behind the time and {@code '|'} */
    void read(byte[] newBytes, int newStart, int newEnd) {
        bytes = newBytes;
        start = newStart;
        end = newEnd;
        operation = null;
        form = null;
        tokens = 0;
        arguments = 0;
        int at = start;
        int hash = 0;
        while (at < end && isOfName(bytes[at])) {
            hash = hash * 31 + bytes[at++];
        }
        nameEnd = at;
        Operation found = Operations.ALL.find(bytes, start, nameEnd, hash);
        operation = found;
        if (found != null && split(at)) {
            for (int i = 0; i < found.forms().size(); i++) {
                if (found.forms().get(i).fits(this)) {
                    form = found.forms().get(i);
                    return;
                }
            }
        }
    }

    private static boolean isOfName(byte character) {
        return (character >= 'A' && character <= 'Z') || character == '_' || (character >= '0' && character <= '9');
    }

    private boolean split(int open) {
        if (open == start || open == end || bytes[open] != '(') {
            return false;
        }
        int at = open + 1;
        if (at < end && bytes[at] == ')') {
            at++;
        } else {
            at = tokens(at, true);
            if (at < 0) {
                return false;
            }
        }
        arguments = tokens;
        if (at == end) {
            return true;
        }
        return bytes[at] == ':' && tokens(at + 1, false) == end;
    }

    /**
     * @param inParentheses until the one that closes, else until the end
     * @return behind them; -1: there is no end, or there are too many
     */
    private int tokens(int first, boolean inParentheses) {
        int depth = 0;
        int begin = first;
        for (int at = afterList(first); at < end; at++) {
            switch (bytes[at]) {
                case '(' -> depth++;
                case ')' -> {
                    if (--depth < 0) {
                        return inParentheses && token(begin, at) ? at + 1 : -1;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        if (!token(begin, at)) {
                            return -1;
                        }
                        begin = at + 1;
                        at = afterList(begin) - 1;
                    }
                }
                default -> {}
            }
        }
        return !inParentheses && depth == 0 && token(begin, end) ? end : -1;
    }

    /** Behind a list of numbers that begins there; names can begin with a bracket, too, but have no comma. */
    private int afterList(int begin) {
        if (begin == end || bytes[begin] != '[') {
            return begin;
        }
        int at = begin + 1;
        while (at < end && (bytes[at] == ',' || (bytes[at] >= '0' && bytes[at] <= '9'))) {
            at++;
        }
        return at < end && bytes[at] == ']' ? at + 1 : begin;
    }

    private boolean token(int begin, int behind) {
        if (tokens == MOST) {
            return false;
        }
        from[tokens] = begin;
        to[tokens++] = behind;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int from(int token) {
        return from[token];
    }

    int to(int token) {
        return to[token];
    }

    int arguments() {
        return arguments;
    }

    int results() {
        return tokens - arguments;
    }

    /** Null: not known, or not written as any known release does. */
    @Nullable
    Form form() {
        return form;
    }

    @Nullable
    Operation operation() {
        return operation;
    }

    boolean isNamed(byte[] name) {
        return Arrays.equals(name, 0, name.length, bytes, start, nameEnd);
    }

    void writeName(Text out) {
        out.add(bytes, start, nameEnd);
    }

    /** As it stands in the file; bytes that are not ASCII, which no master writes, as they can be shown. */
    void writeRaw(Text out) {
        out.shown(bytes, start, end);
    }

    /** Where the argument of the form is, or -1. */
    int token(Form of, int index) {
        if (index < of.arguments()) {
            return index < arguments ? index : -1;
        }
        int result = arguments + index - of.arguments();
        return result < tokens ? result : -1;
    }

    /** Of a token that is a decimal number; wraps beyond 2^64. */
    long number(int token) {
        long number = 0;
        for (int at = from[token]; at < to[token]; at++) {
            number = number * 10 + (bytes[at] - '0');
        }
        return number;
    }

    /** Of the argument of the form, which is there. */
    int inode(Form of, int index) {
        return (int) number(token(of, index));
    }

    /**
     * Without its {@code %XX}.
     *
     * @return where it ends in {@code target}, which has room for it
     */
    int decode(int token, byte[] target, int at) {
        int begin = from[token];
        int behind = to[token];
        if (behind - begin >= 2 && bytes[begin] == '(') {
            begin++;
            behind--;
        }
        int next = at;
        for (int i = begin; i < behind; i++) {
            byte character = bytes[i];
            if (character == '%') {
                character = (byte) ((Argument.hex(bytes[i + 1]) << 4) | Argument.hex(bytes[i + 2]));
                i += 2;
            }
            target[next++] = character;
        }
        return next;
    }

    int length(int token) {
        return to[token] - from[token];
    }
}
