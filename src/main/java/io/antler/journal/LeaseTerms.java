package io.antler.journal;

import java.time.Duration;

/**
 * The arithmetic of the mastership lease. Its holder ends it early, its successor waits it out; both count on their own
 * {@code CLOCK_BOOTTIME} in nanoseconds, so only the rate of two clocks matters, never their time.
 *
 * @param length how long one renewal lasts, counted by the holder from the moment it <em>sent</em> it
 * @param renewInterval how often the holder renews; at most a third of {@code length}
 * @param drift how much faster one clock may run than another, for example 0.01
 */
public record LeaseTerms(Duration length, Duration renewInterval, double drift) {
    public LeaseTerms {
        if (renewInterval.multipliedBy(3).compareTo(length) > 0) {
            throw new IllegalArgumentException("antler.lease.renew-interval = " + renewInterval.toMillis()
                    + " ms: at most a third of antler.lease.length = " + length.toMillis() + " ms");
        }
        if (!(drift >= 0 && drift < 0.5)) {
            throw new IllegalArgumentException("antler.lease.drift = " + drift + ": at least 0 and below 0.5");
        }
    }

    /** Nanoseconds at which a holder stops that sent its last confirmed renewal at {@code sentAt}. */
    public long holderEnd(long sentAt) {
        return sentAt + length.toNanos();
    }

    /** Nanoseconds from which a successor may open whose own replica received the last older renewal at {@code receivedAt}. */
    public long successorStart(long receivedAt) {
        return receivedAt + (long) Math.ceil(length.toNanos() * (1 + drift));
    }
}
