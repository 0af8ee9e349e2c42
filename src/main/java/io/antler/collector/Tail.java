package io.antler.collector;

import io.antler.moosefs.Change;
import java.util.List;

/**
 * The newest changes that one place has, as far as they follow each other.
 *
 * @param changes consecutive; may be none
 * @param problems a sentence for each thing that keeps more from being there
 */
public record Tail(List<Change> changes, List<String> problems) {
    public Tail {
        changes = List.copyOf(changes);
        problems = List.copyOf(problems);
    }

    /** Version after the last of them; -1 if there is none. */
    public long until() {
        return changes.isEmpty() ? -1 : changes.getLast().version() + 1;
    }
}
