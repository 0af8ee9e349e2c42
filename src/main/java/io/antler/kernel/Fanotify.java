package io.antler.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Lets this process decide when another one's {@code read()} of a file may go on (fanotify permission events).
 *
 * <p>One thread calls {@link #await}; all else may be called by any thread. {@link #close} only when that thread is no
 * longer inside: closing, like the death of this process, lets every held read go.
 */
public interface Fanotify extends AutoCloseable {
    /**
     * A read of a watched file, which waits until it is let go.
     *
     * @param pid process (main thread's number) that reads; 0 if it is in another pid namespace
     * @param fd descriptor that names the event to the kernel
     */
    record Access(int pid, int fd) {}

    /**
     * @throws KernelRefused if this kernel or this user cannot; the message says which
     */
    static Fanotify open() throws IOException {
        return LinuxFanotify.open();
    }

    /** From now on each read of this file waits. */
    void watch(Path file) throws IOException;

    /** Reads are no longer caught; those already held stay held. */
    void unwatch(Path file) throws IOException;

    /** @return what was read since, in order; empty when the time is over or after {@link #wake} */
    List<Access> await(Duration timeout) throws IOException;

    /** Lets one held read go on, once; to be called for each. No error if the reader was killed or all was let go. */
    void letGo(Access access) throws IOException;

    /** Ends a running or the next {@link #await}. Does nothing once closed. */
    void wake() throws IOException;

    @Override
    void close() throws IOException;
}
