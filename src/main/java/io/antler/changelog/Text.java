package io.antler.changelog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 that is put together, without an object for each piece. Not thread-safe. */
public final class Text {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1 << 10];
    private int length;

    public void clear() {
        length = 0;
    }

    public int length() {
        return length;
    }

    /** Shorter again. */
    void cut(int newLength) {
        length = newLength;
    }

    byte[] bytes() {
        return bytes;
    }

    public Text add(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    public Text add(String words) {
        for (int i = 0; i < words.length(); i++) {
            if (words.charAt(i) > '~') {
                byte[] encoded = words.getBytes(StandardCharsets.UTF_8);
                return add(encoded, 0, encoded.length);
            }
        }
        room(words.length());
        for (int i = 0; i < words.length(); i++) {
            bytes[length++] = (byte) words.charAt(i);
        }
        return this;
    }

    Text add(byte[] more, int from, int to) {
        room(to - from);
        System.arraycopy(more, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    /** @param number unsigned */
    Text number(long number) {
        if (number < 0) {
            return add(Long.toUnsignedString(number));
        }
        int digits = 1;
        for (long rest = number; rest > 9; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    Text hex(int value) {
        return add((char) HEX[value >> 4 & 0xF]).add((char) HEX[value & 0xF]);
    }

    /**
     * A name as it can be shown: what is no printable UTF-8, or would change what stands around it, comes as {@code \xHH}.
     *
     * @return whether it should stand between quotation marks
     */
    boolean shown(byte[] name, int from, int to) {
        boolean quote = false;
        room(to - from);
        int at = from;
        while (at < to) {
            byte next = name[at];
            if (next >= 0) {
                at++;
                if (next < ' ' || next == 0x7F) {
                    quote = true;
                    add("\\x").hex(next);
                } else {
                    quote |= next == ' ' || next == ',' || next == '"' || next == '\\';
                    if (next == '"' || next == '\\') {
                        add('\\');
                    }
                    add((char) next);
                }
                continue;
            }
            int size = printable(name, at, to);
            if (size > 0) {
                add(name, at, at + size);
                at += size;
            } else {
                quote = true;
                add("\\x").hex(next);
                at++;
            }
        }
        return quote;
    }

    /** Bytes of the character there; 0: none that can be shown. */
    private static int printable(byte[] name, int at, int to) {
        int first = name[at] & 0xFF;
        int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || at + size > to) {
            return 0;
        }
        int code = first & (0x7F >> size);
        for (int i = 1; i < size; i++) {
            if ((name[at + i] & 0xC0) != 0x80) {
                return 0;
            }
            code = (code << 6) | (name[at + i] & 0x3F);
        }
        boolean overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
        return overlong || code > Character.MAX_CODE_POINT || !isShown(code) ? 0 : size;
    }

    private static boolean isShown(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** With quotation marks where they are needed. */
    Text name(byte[] name, int from, int to) {
        int start = length;
        return shown(name, from, to) || start == length ? quoted(start) : this;
    }

    /** Puts marks around what was added since. */
    Text quoted(int start) {
        room(2);
        System.arraycopy(bytes, start, bytes, start + 1, length - start);
        bytes[start] = '"';
        length++;
        return add('"');
    }

    /** As a JSON string: what was shown needs nothing but marks around it, and its backslashes and marks escaped. */
    Text json(Text shown, int from, int to) {
        room(2 * (to - from) + 2);
        add('"');
        for (int at = from; at < to; at++) {
            byte next = shown.bytes[at];
            if (next == '"' || next == '\\') {
                bytes[length++] = '\\';
            }
            bytes[length++] = next;
        }
        return add('"');
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
