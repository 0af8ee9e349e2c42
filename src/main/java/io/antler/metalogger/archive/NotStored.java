package io.antler.metalogger.archive;

import java.io.IOException;

/** A write failed: the disk is full, or sick. The archive must be closed and opened again, which repairs it. */
public final class NotStored extends IOException {
    private static final long serialVersionUID = 1L;

    NotStored(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
