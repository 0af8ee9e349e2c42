package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Finds functions of the C library and turns their {@code errno} into exceptions. Any thread. */
@SuppressWarnings("restricted")
final class CLibrary {
    private static final int ESRCH = 3;
    private static final int EINTR = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle STATE_ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static final MethodHandle KILL = function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private CLibrary() {}

    /** One call; gets the segment that a handle of {@link #function} takes as its first argument. */
    @FunctionalInterface
    interface Call {
        long with(MemorySegment state) throws Throwable;
    }

    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    /** @param fixed how many arguments stand before the {@code ...} of the C declaration */
    static MethodHandle variadic(String name, FunctionDescriptor descriptor, int fixed) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    /**
     * @param target a process, or a group if negative
     * @return false: there is none
     */
    static boolean kill(int target, int signal) throws KernelRefused {
        try {
            call("kill(" + target + ", " + signal + ")", state -> (int) KILL.invokeExact(state, target, signal));
            return true;
        } catch (KernelRefused refused) {
            if (refused.errno() == ESRCH) {
                return false;
            }
            throw refused;
        }
    }

    /**
     * Calls again when a signal interrupted it.
     *
     * @return the function's result, never negative
     */
    static long call(String name, Call call) throws KernelRefused {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            while (true) {
                long result = invoke(call, state);
                if (result >= 0) {
                    return result;
                }
                int errno = (int) STATE_ERRNO.get(state, 0L);
                if (errno != EINTR) {
                    throw new KernelRefused(name, errno, text(errno));
                }
            }
        }
    }

    private static long invoke(Call call, MemorySegment state) {
        try {
            return call.with(state);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a foreign call cannot throw", impossible);
        }
    }

    private static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a foreign call cannot throw", impossible);
        }
    }
}
