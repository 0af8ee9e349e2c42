package io.antler.master;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What holds now, as Leadership has stored it; the answer to every report. One with an older epoch than another that
 * this node has seen is late and means nothing.
 *
 * @param epoch {@link Epoch#NONE} before the first appointment
 * @param master null before the first appointment
 * @param metadataId null before anything was adopted, like the other fields of the checkpoint
 * @param checkpointVersion metadata version of the adopted image; -1 before adoption
 * @param serving that master was heard to serve under that epoch
 * @param checkpointHolder the node that adopted it and has had it from the first moment
 * @param leave null from a node of an older release
 */
public record Mandate(
        Epoch epoch,
        @Nullable NodeId master,
        @Nullable String metadataId,
        long checkpointVersion,
        @Nullable String checkpointSha256,
        @Nullable NodeId checkpointHolder,
        boolean serving,
        Leave leave)
        implements CborEncoded {
    /** How far the way out of Antler is gone. */
    public enum Leave {
        NO,
        /** The master is to hand over everything, and nobody follows it. */
        DRAIN,
        /** It has; nobody serves until this is cancelled. */
        LEFT
    }

    public Mandate {
        leave = leave == null ? Leave.NO : leave;
    }

    /** Of a cluster that stays. */
    public Mandate(
            Epoch epoch,
            @Nullable NodeId master,
            @Nullable String metadataId,
            long checkpointVersion,
            @Nullable String checkpointSha256,
            @Nullable NodeId checkpointHolder,
            boolean serving) {
        this(epoch, master, metadataId, checkpointVersion, checkpointSha256, checkpointHolder, serving, Leave.NO);
    }
}
