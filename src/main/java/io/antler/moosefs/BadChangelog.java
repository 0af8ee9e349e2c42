package io.antler.moosefs;

import java.io.IOException;

/** A place in a changelog file that is not as a master writes it. The message names file, byte, problem and what to do. */
public final class BadChangelog extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final String problem;

    BadChangelog(String file, long offset, String problem, String advice) {
        super("%s, byte %d: %s. %s".formatted(file, offset, problem, advice));
        this.file = file;
        this.offset = offset;
        this.problem = problem;
    }

    BadChangelog(String file, long offset, String problem, String advice, Throwable cause) {
        this(file, offset, problem, advice);
        initCause(cause);
    }

    public String file() {
        return file;
    }

    /** In the file's text, which is longer than the file if that is compressed. */
    public long offset() {
        return offset;
    }

    public String problem() {
        return problem;
    }
}
