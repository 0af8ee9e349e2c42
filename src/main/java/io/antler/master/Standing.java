package io.antler.master;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
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
 */
public record Standing(
        NodeId node,
        Phase phase,
        Epoch epoch,
        long replayed,
        long journaled,
        boolean checkpoint,
        @Nullable String trouble)
        implements CborEncoded {}
