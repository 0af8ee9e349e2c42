package io.antler.changelog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All operations of the changelog of MooseFS 3.0 and 4.x, from the resource {@code operations}. */
public final class Operations {
    static final Operations ALL = new Operations();

    private static final int SLOTS = 512;

    private final Map<String, Words> words = new HashMap<>();
    private final List<Operation> list = new ArrayList<>();
    private final @Nullable Operation[] byHash = new Operation[SLOTS];

    private Operations() {
        try (InputStream in = Operations.class.getResourceAsStream("operations")) {
            if (in == null) {
                throw new IllegalStateException("the table of operations is not in the jar");
            }
            read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        for (Operation operation : list) {
            byte[] name = operation.ascii();
            int slot = slot(hash(name, 0, name.length));
            while (byHash[slot] != null) {
                slot = slot(slot + 1);
            }
            byHash[slot] = operation;
        }
    }

    private static int slot(int hash) {
        return hash & SLOTS - 1;
    }

    static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + bytes[at];
        }
        return hash;
    }

    /** @param hash of the name */
    @Nullable
    Operation find(byte[] bytes, int from, int to, int hash) {
        for (int slot = slot(hash); ; slot = slot(slot + 1)) {
            Operation operation = byHash[slot];
            if (operation == null || Arrays.equals(operation.ascii(), 0, operation.ascii().length, bytes, from, to)) {
                return operation;
            }
        }
    }

    public static Optional<String> named(String name) {
        return ALL.list.stream().map(Operation::name).filter(name::equals).findFirst();
    }

    List<Operation> list() {
        return list;
    }

    List<Words> words() {
        return words.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    private void read(List<String> lines) {
        Words current = null;
        String[] head = {};
        List<Form> forms = new ArrayList<>();
        List<Argument> arguments = new ArrayList<>();
        int count = 0;
        for (String line : lines) {
            String[] parts = line.strip().split(" ", 2);
            String rest = parts.length > 1 ? parts[1] : "";
            switch (parts[0]) {
                case "", "#" -> {}
                case "values", "flags" -> {
                    current = new Words(rest, parts[0].equals("flags"));
                    words.put(rest, current);
                }
                case "operation" -> {
                    finish(head, forms);
                    forms = new ArrayList<>();
                    head = rest.split(" (?=writes|reads)");
                    current = null;
                }
                case "form" -> {
                    String[] sides = (" " + rest + " ").split(" -> ", 2);
                    arguments = new ArrayList<>(arguments(sides[0]));
                    count = arguments.size();
                    if (sides.length > 1) {
                        arguments.addAll(arguments(sides[1]));
                    }
                }
                case "says" -> forms.add(new Form(arguments, count, Sentence.of(rest, arguments)));
                default -> {
                    if (current == null) {
                        throw new IllegalStateException("the table of operations has a line " + line);
                    }
                    current.add(parts[0], rest);
                }
            }
        }
        finish(head, forms);
    }

    private void finish(String[] head, List<Form> forms) {
        if (head.length > 0) {
            list.add(new Operation(head[0], after(head, "writes "), after(head, "reads "), forms));
        }
    }

    private static String after(String[] head, String word) {
        return Arrays.stream(head)
                .filter(part -> part.startsWith(word))
                .map(part -> part.substring(word.length()))
                .findFirst()
                .orElse("");
    }

    private List<Argument> arguments(String text) {
        return Arrays.stream(text.strip().split(" "))
                .filter(argument -> !argument.isEmpty())
                .map(this::argument)
                .toList();
    }

    private Argument argument(String text) {
        boolean optional = text.endsWith("?");
        String[] parts = text.substring(0, text.length() - (optional ? 1 : 0)).split(":", 2);
        if (parts[1].startsWith("=")) {
            return new Argument(parts[0], Kind.LITERAL, null, parts[1].substring(1), optional);
        }
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(each -> each.word().equals(parts[1]))
                .findFirst();
        Words list = words.get(parts[1]);
        if (kind.isPresent() == (list != null)) {
            throw new IllegalStateException("the table of operations has none or two of " + parts[1]);
        }
        return new Argument(parts[0], kind.orElse(Kind.WORDS), list, "", optional);
    }
}
