package io.antler.bench;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;

/**
 * How much of everything.
 *
 * @param warmUp of each side
 * @param turn how long one side has one kind of load
 * @param turns of each kind of load on each side
 * @param lines how long changelog lines are written
 * @param events small ones that are replayed
 * @param appends at which the memory is looked at the second time; the first time is at a tenth
 * @param manyEvents small ones that one actor recovers
 * @param kills of the leader
 * @param ballast bytes that an installed snapshot has
 */
record Amounts(
        Duration electionTimeout,
        Duration warmUp,
        Duration turn,
        int turns,
        Duration lines,
        int events,
        long appends,
        int manyEvents,
        int kills,
        long ballast) {
    private static final Duration DEFAULT_ELECTION =
            ConfigFactory.load().getDuration("antler.journal.election-timeout");

    static final Amounts NORMAL = new Amounts(
            DEFAULT_ELECTION,
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            9,
            Duration.ofSeconds(20),
            300_000,
            1_000_000,
            10_000_000,
            10,
            1L << 30);

    /** For a first impression: shorter warm-ups make everything look slower than it is. */
    static final Amounts QUICK = new Amounts(
            DEFAULT_ELECTION,
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            5,
            Duration.ofSeconds(8),
            100_000,
            200_000,
            1_000_000,
            3,
            128L << 20);

    /** Shows that it works, measures nothing. */
    static final Amounts SMOKE = new Amounts(
            Duration.ofMillis(400),
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            1,
            Duration.ofMillis(200),
            2_000,
            2_000,
            2_000,
            1,
            4L << 20);
}
