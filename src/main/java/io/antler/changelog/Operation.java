package io.antler.changelog;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a master can write into its changelog. */
final class Operation {
    private final String name;
    private final byte[] ascii;
    private final String writtenBy;
    private final String readBy;
    private final List<Form> forms;
    private final Effect effect;

    /**
     * @param writtenBy releases of MooseFS whose masters write it: {@code 3.0 4.x}; empty: none of these any more
     * @param readBy releases whose masters only understand it
     * @param forms the first that fits is meant
     */
    Operation(String name, String writtenBy, String readBy, List<Form> forms) {
        this.name = name;
        this.ascii = name.getBytes(StandardCharsets.US_ASCII);
        this.writtenBy = writtenBy;
        this.readBy = readBy;
        this.forms = List.copyOf(forms);
        this.effect = Effect.of(name);
    }

    String name() {
        return name;
    }

    byte[] ascii() {
        return ascii;
    }

    String writtenBy() {
        return writtenBy;
    }

    String readBy() {
        return readBy;
    }

    List<Form> forms() {
        return forms;
    }

    Effect effect() {
        return effect;
    }
}
