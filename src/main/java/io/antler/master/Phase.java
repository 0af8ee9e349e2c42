package io.antler.master;

/**
 * Where a node stands with its {@code mfsmaster}.
 *
 * <pre>
 *   WAITING ── checkpoint there ──► LOADING ── replaying ──► STANDBY ── mandate ──► PROMOTING ── steps done ──► SERVING
 *                                      ▲                                               │                         │  │
 *                                      └──────────── directory moved aside ── ENDED ◄──┴─────────────────────────┘  │
 *                                      └──────────────────────────────────── DRAINED ◄── hand-over ────────────────┘
 * </pre>
 */
public enum Phase {
    /** No checkpoint here yet, or nothing was adopted. */
    WAITING,
    LOADING,
    /** Loaded and replaying: it can be promoted now. */
    STANDBY,
    PROMOTING,
    SERVING,
    /** Handed over all its changes, silent, and wants a successor. */
    DRAINED,
    /** Its mastership is over: the program died, the lease ran out or was refused, or the promotion failed. */
    ENDED,
    /** Votes, and never runs an {@code mfsmaster}. */
    WITNESS,
    /** Stores the journal without a vote, and never runs an {@code mfsmaster}. */
    METALOGGER
}
