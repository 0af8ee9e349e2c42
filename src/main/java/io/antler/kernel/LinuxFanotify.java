package io.antler.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link Fanotify} by the kernel: fanotify(7). */
final class LinuxFanotify implements Fanotify {
    private static final int FAN_CLASS_CONTENT = 0x04;
    private static final int FAN_CLOEXEC = 0x01;
    private static final int FAN_NONBLOCK = 0x02;
    private static final int FAN_MARK_ADD = 0x01;
    private static final int FAN_MARK_REMOVE = 0x02;
    private static final long FAN_ACCESS_PERM = 0x0002_0000L;
    private static final int FAN_ALLOW = 0x01;
    private static final int FAN_METADATA_VERSION = 3;
    private static final int AT_FDCWD = -100;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final short POLLIN = 1;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;

    // struct fanotify_event_metadata
    private static final long EVENT_LEN = 0;
    private static final long VERS = 4;
    private static final long MASK = 8;
    private static final long FD = 16;
    private static final long PID = 20;

    private static final MethodHandle FANOTIFY_INIT =
            CLibrary.function("fanotify_init", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FANOTIFY_MARK = CLibrary.function(
            "fanotify_mark", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
    private static final MethodHandle EVENTFD =
            CLibrary.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            CLibrary.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            CLibrary.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            CLibrary.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private final int group;
    private final int wakeUps;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate(4096, 8);
    private final MemorySegment polled = arena.allocate(16, 8); // two struct pollfd
    private boolean closed; // guarded by this; a closed descriptor's number may soon be another file's

    private LinuxFanotify(int group, int wakeUps) {
        this.group = group;
        this.wakeUps = wakeUps;
        polled.set(JAVA_INT, 0, group);
        polled.set(JAVA_SHORT, 4, POLLIN);
        polled.set(JAVA_INT, 8, wakeUps);
        polled.set(JAVA_SHORT, 12, POLLIN);
    }

    /** O_CLOEXEC also for the descriptors of events: a child must not hold them. */
    static LinuxFanotify open() throws KernelRefused {
        int group = (int) CLibrary.call(
                "fanotify_init (needs CAP_SYS_ADMIN and a kernel with CONFIG_FANOTIFY_ACCESS_PERMISSIONS)",
                state -> (int) FANOTIFY_INIT.invokeExact(
                        state, FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK, FileHandle.O_CLOEXEC));
        try {
            int wakeUps =
                    (int) CLibrary.call("eventfd", state -> (int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC_NONBLOCK));
            return new LinuxFanotify(group, wakeUps);
        } catch (KernelRefused refused) {
            FileHandle.close(group);
            throw refused;
        }
    }

    @Override
    public synchronized void watch(Path file) throws KernelRefused {
        mark(FAN_MARK_ADD, file);
    }

    @Override
    public synchronized void unwatch(Path file) throws KernelRefused {
        mark(FAN_MARK_REMOVE, file);
    }

    private void mark(int how, Path file) throws KernelRefused {
        requireOpen();
        try (Arena names = Arena.ofConfined()) {
            MemorySegment name = names.allocateFrom(file.toAbsolutePath().toString());
            CLibrary.call("fanotify_mark(FAN_ACCESS_PERM, " + file + ")", state ->
                    (int) FANOTIFY_MARK.invokeExact(state, group, how, FAN_ACCESS_PERM, AT_FDCWD, name));
        }
    }

    @Override
    public List<Access> await(Duration timeout) throws IOException {
        int millis = Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE);
        CLibrary.call("poll", state -> (int) POLL.invokeExact(state, polled, 2L, millis));
        if (readInto(wakeUps, events, 8) > 0) {
            return List.of();
        }
        return parse(readInto(group, events, events.byteSize()));
    }

    /** @return 0 if there is nothing to read */
    private static long readInto(int fd, MemorySegment buffer, long lengthBytes) throws KernelRefused {
        try {
            return CLibrary.call("read", state -> (long) READ.invokeExact(state, fd, buffer, lengthBytes));
        } catch (KernelRefused refused) {
            if (refused.errno() == EAGAIN) {
                return 0;
            }
            throw refused;
        }
    }

    private List<Access> parse(long lengthBytes) throws IOException {
        List<Access> accesses = new ArrayList<>();
        for (long at = 0; at < lengthBytes; at += Integer.toUnsignedLong(events.get(JAVA_INT, at + EVENT_LEN))) {
            if (events.get(JAVA_BYTE, at + VERS) != FAN_METADATA_VERSION) {
                throw new IOException("fanotify speaks version " + events.get(JAVA_BYTE, at + VERS) + ", not "
                        + FAN_METADATA_VERSION + ": no hot standby on this kernel");
            }
            int fd = events.get(JAVA_INT, at + FD);
            if (fd >= 0 && (events.get(JAVA_LONG, at + MASK) & FAN_ACCESS_PERM) != 0) {
                accesses.add(new Access(events.get(JAVA_INT, at + PID), fd));
            }
        }
        return accesses;
    }

    @Override
    public synchronized void letGo(Access access) throws KernelRefused {
        try (Arena answers = Arena.ofConfined()) {
            if (closed) {
                return;
            }
            MemorySegment answer = answers.allocate(8, 4);
            answer.set(JAVA_INT, 0, access.fd());
            answer.set(JAVA_INT, 4, FAN_ALLOW);
            CLibrary.call("write(fanotify)", state -> (long) WRITE.invokeExact(state, group, answer, 8L));
        } catch (KernelRefused refused) {
            if (refused.errno() != ENOENT) { // the reader was killed meanwhile
                throw refused;
            }
        } finally {
            FileHandle.close(access.fd());
        }
    }

    @Override
    public synchronized void wake() throws KernelRefused {
        if (closed) {
            return;
        }
        try (Arena numbers = Arena.ofConfined()) {
            MemorySegment one = numbers.allocate(JAVA_LONG);
            one.set(JAVA_LONG, 0, 1);
            CLibrary.call("write(eventfd)", state -> (long) WRITE.invokeExact(state, wakeUps, one, 8L));
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("fanotify is closed");
        }
    }

    @Override
    public synchronized void close() throws KernelRefused {
        if (closed) {
            return;
        }
        closed = true;
        try {
            FileHandle.close(group);
        } finally {
            FileHandle.close(wakeUps);
            arena.close();
        }
    }
}
