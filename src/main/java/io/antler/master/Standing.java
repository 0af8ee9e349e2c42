package io.antler.master;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, every {@code antler.leadership.report-interval}.
 *
 * @param epoch the epoch it acts or acted under as master ({@code PROMOTING}, {@code SERVING}, {@code DRAINED},
 *     {@code ENDED}), else {@link Epoch#NONE}
 * @param replayed metadata version of its {@code mfsmaster}; -1 when unknown
 * @param journaled metadata version after the last change in its replica of the journal; -1 when unknown
 * @param checkpoint it holds a verified image of what was adopted
 * @param trouble a sentence for the operator; null: none
 * @param alarms a line each that is raised on this node: its kind, the figures, what to do
 * @param configuration checksums of the files that configure a master, and the version of the program; empty when unknown
 */
public record Standing(
        NodeId node,
        Phase phase,
        Epoch epoch,
        long replayed,
        long journaled,
        boolean checkpoint,
        @Nullable String trouble,
        List<String> alarms,
        SortedMap<String, String> configuration)
        implements CborEncoded {
    public Standing {
        alarms = alarms == null ? List.of() : List.copyOf(alarms); // an older release has none, like the next
        configuration = Collections.unmodifiableSortedMap(
                configuration == null ? new TreeMap<>() : new TreeMap<>(configuration));
    }

    /** Without alarms and configuration: they are known elsewhere, and added there. */
    public Standing(
            NodeId node,
            Phase phase,
            Epoch epoch,
            long replayed,
            long journaled,
            boolean checkpoint,
            @Nullable String trouble) {
        this(node, phase, epoch, replayed, journaled, checkpoint, trouble, List.of(), new TreeMap<>());
    }

    public Standing with(List<String> raised, SortedMap<String, String> checksums) {
        return new Standing(node, phase, epoch, replayed, journaled, checkpoint, trouble, raised, checksums);
    }
}
