package io.antler.master.orphans;

import io.antler.metalogger.ChangesBatch;
import java.io.IOException;
import java.util.stream.Stream;

/** The changes in this node's replica of the journal. */
@FunctionalInterface
public interface Journaled {
    /** Oldest first, beginning with the batch that has this version or the next one behind it; to be closed. Blocks. */
    Stream<ChangesBatch> from(long version) throws IOException, InterruptedException;
}
