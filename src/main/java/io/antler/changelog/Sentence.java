package io.antler.changelog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an operation does, in words with places for its arguments. */
final class Sentence {
    /** Words, or an argument. */
    private static final class Part {
        private final byte[] words;
        private final int index; // of the argument; -1: words
        private final int group; // 0: always; else it is left out with all of its group when an argument is missing

        Part(String words, int index, int group) {
            this.words = words.getBytes(StandardCharsets.UTF_8);
            this.index = index;
            this.group = group;
        }
    }

    private final String pattern;
    private final Part[] parts;

    private Sentence(String pattern, List<Part> parts) {
        this.pattern = pattern;
        this.parts = parts.toArray(Part[]::new);
    }

    static Sentence of(String pattern, List<Argument> arguments) {
        List<Part> parts = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        int groups = 0;
        int group = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char next = pattern.charAt(i);
            if (next != '{' && next != '[' && next != ']') {
                words.append(next);
                continue;
            }
            if (!words.isEmpty()) {
                parts.add(new Part(words.toString(), -1, group));
                words.setLength(0);
            }
            if (next == '{') {
                int close = pattern.indexOf('}', i);
                parts.add(new Part("", index(pattern.substring(i + 1, close), arguments), group));
                i = close;
            } else {
                group = next == '[' ? ++groups : 0;
            }
        }
        if (!words.isEmpty()) {
            parts.add(new Part(words.toString(), -1, group));
        }
        return new Sentence(pattern, parts);
    }

    private static int index(String name, List<Argument> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("the table of operations has no argument " + name);
    }

    String pattern() {
        return pattern;
    }

    void write(Call call, Form form, Writer writer, Text out) {
        int group = 0;
        int begin = 0; // of the group
        boolean left = false; // out
        for (Part part : parts) {
            if (part.group != group) {
                group = part.group;
                begin = out.length();
                left = false;
            }
            if (left) {
                continue;
            }
            if (part.index < 0) {
                out.add(part.words, 0, part.words.length);
                continue;
            }
            int before = out.length();
            int token = call.token(form, part.index);
            if (token >= 0) {
                writer.write(call, form, part.index, token, out);
            }
            if (group > 0 && out.length() == before) {
                left = true;
                out.cut(begin);
            }
        }
    }
}
