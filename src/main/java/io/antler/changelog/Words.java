package io.antler.changelog;

import java.util.ArrayList;
import java.util.List;

/** What the codes of an argument mean: each its words, or each bit one. */
final class Words {
    private record Code(String code, long bit, String words) {}

    private final String name;
    private final boolean flags;
    private final List<Code> codes = new ArrayList<>();

    Words(String name, boolean flags) {
        this.name = name;
        this.flags = flags;
    }

    String name() {
        return name;
    }

    /** For the reference. */
    String described() {
        StringBuilder all = new StringBuilder();
        for (Code code : codes) {
            all.append(all.isEmpty() ? "" : ", ")
                    .append(code.code())
                    .append(": ")
                    .append(code.words().isEmpty() ? "(nothing)" : code.words());
        }
        return (flags ? "bits; " : "") + all;
    }

    void add(String code, String words) {
        codes.add(new Code(code, flags ? Long.parseLong(code) : 0, words.equals("-") ? "" : words));
    }

    boolean fits(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (!isDigit(bytes[at]) && (flags || !isLetter(bytes[at]))) {
                return false;
            }
        }
        return to - from <= 9;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isLetter(byte character) {
        return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
    }

    /** Nothing if it has no words; as it is if it is not known. */
    void write(byte[] bytes, int from, int to, Text out) {
        if (flags) {
            bits(bytes, from, to, out);
            return;
        }
        for (Code code : codes) {
            if (Argument.isLiteral(code.code(), bytes, from, to)) {
                out.add(code.words());
                return;
            }
        }
        out.add(bytes, from, to);
    }

    private void bits(byte[] bytes, int from, int to, Text out) {
        long rest = 0;
        for (int at = from; at < to; at++) {
            rest = rest * 10 + (bytes[at] - '0');
        }
        int start = out.length();
        for (Code code : codes) {
            if ((rest & code.bit()) != 0) {
                out.add(out.length() > start ? "+" : "").add(code.words());
                rest &= ~code.bit();
            }
        }
        if (rest != 0) {
            out.add(out.length() > start ? "+" : "").number(rest);
        }
    }
}
