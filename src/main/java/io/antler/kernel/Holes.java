package io.antler.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Gives parts of a file back to the disk; its length and the positions in it stay as they are. */
public final class Holes {
    private static final int KEEP_SIZE_AND_PUNCH_HOLE = 0x01 | 0x02;
    private static final MethodHandle FALLOCATE =
            CLibrary.function("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

    private Holes() {}

    /**
     * Afterwards these bytes read as zero. Only whole blocks of the file system are freed.
     *
     * @throws KernelRefused if the file system cannot (errno 95)
     */
    public static void punch(Path file, long offset, long lengthBytes) throws IOException {
        try (FileHandle handle = FileHandle.open(file, FileHandle.O_WRONLY)) {
            CLibrary.call("fallocate(" + file + ")", state ->
                    (int) FALLOCATE.invokeExact(state, handle.fd(), KEEP_SIZE_AND_PUNCH_HOLE, offset, lengthBytes));
        }
    }
}
