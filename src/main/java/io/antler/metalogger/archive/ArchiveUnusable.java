package io.antler.metalogger.archive;

import java.io.IOException;

/** The directory is not, or not only, an archive of this file system. The message says what to do. */
public final class ArchiveUnusable extends IOException {
    private static final long serialVersionUID = 1L;

    ArchiveUnusable(String message) {
        super(message);
    }
}
