package io.antler.kernel;

import java.io.IOException;

/** A Linux function that failed, with the number and the text of its error. */
public final class KernelRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    KernelRefused(String call, int errno, String text) {
        super("%s: %s (errno %d)".formatted(call, text, errno));
        this.errno = errno;
    }

    /** As in {@code errno.h}: 1 = EPERM, 38 = ENOSYS, and so on. */
    public int errno() {
        return errno;
    }
}
