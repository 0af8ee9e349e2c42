package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since boot, time asleep included ({@code CLOCK_BOOTTIME}); nobody can set it. The same clock as
 * {@code /proc/uptime}. Any thread.
 */
public final class BootClock implements LongSupplier {
    private static final int CLOCK_BOOTTIME = 7;
    private static final MethodHandle CLOCK_GETTIME =
            CLibrary.function("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    @Override
    public long getAsLong() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(JAVA_LONG, 2);
            CLibrary.call("clock_gettime(CLOCK_BOOTTIME)", state ->
                    (int) CLOCK_GETTIME.invokeExact(state, CLOCK_BOOTTIME, time));
            return time.getAtIndex(JAVA_LONG, 0) * 1_000_000_000L + time.getAtIndex(JAVA_LONG, 1);
        } catch (KernelRefused refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
