package io.antler.metalogger.archive;

import java.io.IOException;

/** The master gives another change than the archive has for one version: there are two histories. Nothing was stored. */
public final class HistoryConflict extends IOException {
    private static final long serialVersionUID = 1L;

    private final long version;

    public HistoryConflict(long version, String message) {
        super(message);
        this.version = version;
    }

    /** The first version known to be different. */
    public long version() {
        return version;
    }
}
