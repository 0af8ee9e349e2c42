package io.antler.changelog;

import org.jspecify.annotations.Nullable;

/**
 * An argument or a result of an operation.
 *
 * @param words of {@link Kind#WORDS}
 * @param literal of {@link Kind#LITERAL}
 * @param optional may be missing, if all behind it are
 */
record Argument(String name, Kind kind, @Nullable Words words, String literal, boolean optional) {
    /** As the reference shows it. */
    String described() {
        String shown =
                switch (kind) {
                    case WORDS -> words == null ? "" : words.name();
                    case LITERAL -> "=" + literal;
                    default -> kind.word();
                };
        return name + ":" + shown + (optional ? "?" : "");
    }

    boolean fits(byte[] bytes, int from, int to) {
        return switch (kind) {
            case WORDS -> words != null && words.fits(bytes, from, to);
            case LITERAL -> isLiteral(literal, bytes, from, to);
            case ENTRY, TEXT, PATH, DATA -> isEscaped(bytes, from, to);
            case CREATED ->
                to - from >= 2 && bytes[from] == '(' && bytes[to - 1] == ')' && isEscaped(bytes, from + 1, to - 1);
            case OCTAL -> to > from && bytes[from] == '0' && isMadeOf(bytes, from, to, '7');
            case HEX -> to - from > 2 && to - from <= 18 && bytes[from] == '0' && bytes[from + 1] == 'x';
            case TAG -> to - from > 1 && bytes[from] == '#' && isMadeOf(bytes, from + 1, to, '9');
            case LIST -> to - from >= 2 && bytes[from] == '[' && bytes[to - 1] == ']';
            case RAW, REST -> true;
            default -> isMadeOf(bytes, from, to, '9') && to - from <= (kind.isSmall() ? 10 : 20);
        };
    }

    static boolean isLiteral(String literal, byte[] bytes, int from, int to) {
        if (to - from != literal.length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (bytes[from + i] != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMadeOf(byte[] bytes, int from, int to, char last) {
        for (int at = from; at < to; at++) {
            if (bytes[at] < '0' || bytes[at] > last) {
                return false;
            }
        }
        return to > from;
    }

    private static boolean isEscaped(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '%' && (at + 2 >= to || hex(bytes[at + 1]) < 0 || hex(bytes[at + 2]) < 0)) {
                return false;
            }
        }
        return true;
    }

    static int hex(byte digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
    }
}
