package io.antler.changelog;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Functions of Linux that Java has no names for. */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;

    private Native() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
    }

    /** An access ACL with a right for user 1000. */
    static void setAcl(Path file) {
        ByteBuffer acl =
                ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int[][] entries = {{1, 6, -1}, {2, 7, 1000}, {4, 4, -1}, {0x10, 7, -1}, {0x20, 4, -1}};
        for (int[] entry : entries) {
            acl.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        try (var arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, acl.array());
            int result = (int) function(
                            "setxattr",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(
                            arena.allocateFrom(file.toString()),
                            arena.allocateFrom("system.posix_acl_access"),
                            value,
                            value.byteSize(),
                            0);
            check(result, "setxattr " + file);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** Each has the other's name afterwards. */
    static void exchange(Path one, Path other) {
        try (var arena = Arena.ofConfined()) {
            int result = (int) function(
                            "renameat2",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(
                            AT_FDCWD,
                            arena.allocateFrom(one.toString()),
                            AT_FDCWD,
                            arena.allocateFrom(other.toString()),
                            RENAME_EXCHANGE);
            check(result, "renameat2 " + one);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static void check(int result, String what) {
        if (result != 0) {
            throw new AssertionError(what + " was refused");
        }
    }
}
