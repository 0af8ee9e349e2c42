package io.antler.vip;

import java.util.concurrent.TimeUnit;

/**
 * How long the kernel keeps an address by itself. It counts in whole seconds, so a lease is rounded up. Measured with
 * Linux 6.18: an address with {@code valid_lft 2} was gone 2.03 to 2.20 s after the command, and up to 2.66 s when the
 * machine had another address with a lifetime (the kernel looks at most once a second).
 */
final class Lifetime {
    /** What rounding up and the kernel's checks may add to a lease, at most. */
    static final long MAX_EXTRA_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private Lifetime() {}

    /**
     * @return at least 1
     * @throws VipUnusable if the lease has ended
     */
    static long seconds(long leaseUntil, long now) {
        long left = leaseUntil - now;
        if (left <= 0) {
            throw new VipUnusable("the lease ended " + TimeUnit.NANOSECONDS.toMillis(-left) + " ms ago");
        }
        return Math.ceilDiv(left, SECOND);
    }
}
