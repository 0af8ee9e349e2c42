package io.antler.metalogger;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code antler.metalogger} of the configuration.
 *
 * @param timeout silence after which either side gives the connection up
 * @param appendTimeout how long one append may take
 * @param batchChanges changes in one event, at most
 * @param batchBytes bytes of text in one event, at most (one change, up to 200 kB, may exceed it)
 */
public record MetaloggerSettings(Duration timeout, Duration appendTimeout, int batchChanges, int batchBytes) {
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    public MetaloggerSettings {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "antler.metalogger.timeout = " + timeout.toMillis() + " ms: 10 s to 60 s");
        }
        if (!appendTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "antler.metalogger.append-timeout = " + appendTimeout.toMillis() + " ms: more than 0");
        }
        if (batchChanges < 1 || batchChanges > 100_000) {
            throw new IllegalArgumentException("antler.metalogger.batch-changes = " + batchChanges + ": 1 to 100000");
        }
        if (batchBytes < 1024 || batchBytes > 1024 * 1024) {
            throw new IllegalArgumentException("antler.metalogger.batch-bytes = " + batchBytes + ": 1 KiB to 1 MiB");
        }
    }

    public static MetaloggerSettings from(Config config) {
        Config own = config.getConfig("antler.metalogger");
        return new MetaloggerSettings(
                own.getDuration("timeout"),
                own.getDuration("append-timeout"),
                own.getInt("batch-changes"),
                Math.toIntExact(own.getBytes("batch-bytes")));
    }
}
