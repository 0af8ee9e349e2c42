package io.antler.journal;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongSupplier;

/** A defect to be found. {@link #NONE} has none. */
interface Mutant {
    Mutant NONE = new Mutant() {};

    default Peer peer(Peer real) {
        return real;
    }

    /** @param directory of a peer that is about to start; may not exist yet */
    default void beforeStart(Path directory) {}

    /** @param group of a peer that has just started */
    default void started(RaftGroup group) {}

    default SkewedClock clock(LongSupplier truth, Random random) {
        return SkewedClock.within(MemoryGroup.LEASE, truth, random);
    }
}
