package io.antler.journal.transport;

/**
 * Counts how often in a row nothing was heard. Ticks, not time: a process that was itself paused finds one tick missed,
 * and then reads what came in meanwhile.
 */
final class Silence {
    static final int LIMIT_TICKS = 3;

    /** What a hello may take. */
    static final int HELLO_TICKS = 10;

    private int missed;

    void heard() {
        missed = 0;
    }

    /** Whether the other side counts as dead now. */
    boolean tick() {
        return ++missed > LIMIT_TICKS;
    }
}
