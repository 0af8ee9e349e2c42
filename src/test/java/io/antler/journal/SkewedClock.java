package io.antler.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * A peer's own clock: it began at any number, runs at its own rate, and leaps forward now and then. All of it is settled at
 * the beginning, so that who stands outside can tell when it will show what.
 */
final class SkewedClock implements LongSupplier {
    /** @param after nanoseconds of true time since the beginning */
    private record Leap(long after, long by) {}

    private final LongSupplier truth;
    private final long start;
    private final long zero;
    private final double rate;
    private final List<Leap> leaps;

    private SkewedClock(LongSupplier truth, long zero, double rate, List<Leap> leaps) {
        this.truth = truth;
        this.start = truth.getAsLong();
        this.zero = zero;
        this.rate = rate;
        this.leaps = List.copyOf(leaps);
    }

    /**
     * Of any two such clocks, one shows at most {@code drift} more than the other in any time as long as the lease: half
     * of it by the rate, a quarter by a leap.
     */
    static SkewedClock within(LeaseTerms terms, LongSupplier truth, Random random) {
        long length = terms.length().toNanos();
        var leaps = new ArrayList<Leap>();
        for (int i = 0; i < 100; i++) {
            leaps.add(new Leap(
                    i * 2L * length + random.nextLong(length), random.nextLong((long) (length * terms.drift() / 4))));
        }
        return new SkewedClock(truth, random.nextLong() / 4, 1 + random.nextDouble() * terms.drift() / 2, leaps);
    }

    /** What no lease can stand. */
    static SkewedClock tooFast(LongSupplier truth, double rate) {
        return new SkewedClock(truth, 0, rate, List.of());
    }

    @Override
    public long getAsLong() {
        return reading(truth.getAsLong());
    }

    long reading(long time) {
        long elapsed = time - start;
        long leapt = leaps.stream()
                .filter(leap -> leap.after() <= elapsed)
                .mapToLong(Leap::by)
                .sum();
        return zero + (long) (elapsed * rate) + leapt;
    }

    /** The first moment at which it shows as much. */
    long trueTime(long reading) {
        long leapt = 0;
        for (Leap leap : leaps) {
            long elapsed = (long) ((reading - zero - leapt) / rate);
            if (elapsed < leap.after()) {
                return start + elapsed;
            }
            leapt += leap.by();
            if ((long) ((reading - zero - leapt) / rate) < leap.after()) {
                return start + leap.after(); // it leaps over this reading
            }
        }
        return start + (long) ((reading - zero - leapt) / rate);
    }
}
