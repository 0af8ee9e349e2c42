package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Asks who holds a POSIX record lock, without taking it for a moment as {@code FileChannel.tryLock} would. */
public final class RecordLock {
    private static final int F_GETLK = 5;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final StructLayout FLOCK = MemoryLayout.structLayout(
            JAVA_SHORT.withName("l_type"),
            JAVA_SHORT.withName("l_whence"),
            MemoryLayout.paddingLayout(4),
            JAVA_LONG.withName("l_start"),
            JAVA_LONG.withName("l_len"),
            JAVA_INT.withName("l_pid"),
            MemoryLayout.paddingLayout(4));
    private static final long PID = FLOCK.byteOffset(MemoryLayout.PathElement.groupElement("l_pid"));
    private static final MethodHandle FCNTL =
            CLibrary.variadic("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), 2);

    private RecordLock() {}

    /**
     * @return the process (0: one outside this pid namespace) whose lock stands against a write lock on the file;
     *     empty if there is no such process or no such file. Locks of this JVM do not count
     */
    public static OptionalLong holder(Path file) throws IOException {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        try (FileHandle handle = FileHandle.open(file, FileHandle.O_RDONLY);
                Arena arena = Arena.ofConfined()) {
            MemorySegment lock = arena.allocate(FLOCK);
            lock.set(JAVA_SHORT, 0, F_WRLCK);
            CLibrary.call("fcntl(F_GETLK)", state -> (int) FCNTL.invokeExact(state, handle.fd(), F_GETLK, lock));
            return lock.get(JAVA_SHORT, 0) == F_UNLCK ? OptionalLong.empty() : OptionalLong.of(lock.get(JAVA_INT, PID));
        }
    }
}
