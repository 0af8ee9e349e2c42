package io.antler.node;

import java.util.ArrayList;
import java.util.List;

/** The configuration cannot be used. Has every problem found, each a sentence that says what is allowed. */
public final class BadConfiguration extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ArrayList<String> problems; // a List alone is not serializable

    public BadConfiguration(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = new ArrayList<>(problems);
    }

    public List<String> problems() {
        return List.copyOf(problems);
    }
}
