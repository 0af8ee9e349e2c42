package io.antler.restore;

import io.antler.collector.Finding;
import io.antler.collector.History;
import java.util.List;
import java.util.OptionalLong;

/**
 * What was restored, or would be.
 *
 * @param reached version of the result
 */
public record Restored(RestorePlan plan, History history, long reached) {
    /** What kept from getting further, though more is known to come or was asked for. */
    public List<Finding> beyond() {
        return complete() ? List.of() : history.beyond(reached);
    }

    /** The end that was asked for is reached, or all that is known. */
    public boolean complete() {
        OptionalLong end = plan.end();
        return end.isPresent()
                ? reached == end.getAsLong()
                : history.beyond(reached).isEmpty();
    }
}
