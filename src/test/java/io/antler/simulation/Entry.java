package io.antler.simulation;

import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import java.util.List;

/** What the replicated log holds. The id tells a proposal from its repetition. */
sealed interface Entry {
    long id();

    record TakeOver(long id, Epoch epoch) implements Entry {}

    record Changes(long id, Epoch epoch, long sequenceNr, List<Long> changes) implements Entry {}

    record Renew(long id, Epoch epoch) implements Entry {}

    record Release(long id, Epoch epoch) implements Entry {}

    record Appointed(long id, long sequenceNr, Epoch epoch, NodeId node) implements Entry {}
}
