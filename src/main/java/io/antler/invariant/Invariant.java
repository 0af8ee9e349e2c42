package io.antler.invariant;

/** What must hold at every moment; {@code docs/explanation/invariants.md} has a section for each. */
public enum Invariant {
    /** At most one node's {@code mfsmaster} is reachable from the network, on either side of any split. */
    ONE_MASTER_SPEAKS,
    /** Each mastership has a higher epoch than the one before, also across restarts. */
    EPOCH_GROWS,
    /** Change n is stored only when n - 1 is. */
    NO_MISSING_CHANGE,
    /** No node becomes master on metadata older than the journal. */
    NO_PROMOTION_BELOW_JOURNAL;

    /**
     * Always on. A breach is a defect of this program: the node stops rather than guess.
     *
     * @throws InvariantBroken if it does not hold
     */
    public void check(boolean holds, String format, Object... args) {
        if (!holds) {
            throw new InvariantBroken(this, format.formatted(args));
        }
    }
}
