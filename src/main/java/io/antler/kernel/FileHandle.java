package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** A file descriptor of our own, closed with this object. */
final class FileHandle implements AutoCloseable {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle OPEN =
            CLibrary.variadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle CLOSE = CLibrary.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int fd;

    private FileHandle(int fd) {
        this.fd = fd;
    }

    static FileHandle open(Path file, int flags) throws KernelRefused {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            return new FileHandle((int) CLibrary.call(
                    "open(" + file + ")", state -> (int) OPEN.invokeExact(state, path, flags | O_CLOEXEC)));
        }
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() throws KernelRefused {
        close(fd);
    }

    static void close(int fd) throws KernelRefused {
        CLibrary.call("close", state -> (int) CLOSE.invokeExact(state, fd));
    }
}
