package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SkewedClockTest {
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofMillis(300), Duration.ofMillis(80), 0.1);

    private final AtomicLong truth = new AtomicLong(12_345);

    @Test
    void theTrueTimeOfAReadingIsWhenItIsShownFirst() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var clock = SkewedClock.within(TERMS, truth::get, random);
            long begin = truth.get();
            for (int i = 0; i < 200; i++) {
                long reading = clock.reading(begin + random.nextLong(4_000_000_000L)) + random.nextInt(5_000_000);

                long time = clock.trueTime(reading);

                assertTrue(Math.abs(clock.reading(time + 2) - reading) <= 8_000_000, "seed " + seed);
                assertTrue(clock.reading(time + 2) >= reading, "seed " + seed);
                assertTrue(clock.reading(time - 2) <= reading, "seed " + seed);
            }
        }
    }

    @Test
    void aLeaseThatIsWaitedOutOnOneClockIsOverOnAnyOther() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var holder = SkewedClock.within(TERMS, truth::get, random);
            var successor = SkewedClock.within(TERMS, truth::get, random);
            for (int i = 0; i < 50; i++) {
                long sent = truth.get() + random.nextLong(4_000_000_000L);

                long end = holder.trueTime(TERMS.holderEnd(holder.reading(sent)));
                long opens = successor.trueTime(TERMS.successorStart(successor.reading(sent)));

                assertTrue(opens >= end, "seed " + seed);
            }
        }
    }
}
