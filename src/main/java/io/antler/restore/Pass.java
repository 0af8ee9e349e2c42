package io.antler.restore;

/**
 * The three passes in which {@code mfsmaster -a} reads a changelog file, told apart by the positions of its reads.
 *
 * <p>Observed with 3.0.117 (strace), the same in the sources of 4.59.2; every pass opens the file anew and closes it:
 *
 * <pre>
 * pass        | calls                                               | positions of the reads
 * FIRST_LINE  | read(50)                                            | 0
 * LAST_LINE   | fstat, then lseek(size - 32768, or 0 if shorter),   | size - 32768; earlier ones only if the last line
 *             | read(32768, or size)                                |   does not begin there
 * REPLAY      | read(4096), again and again, after each the lines   | 0, then growing to the end of the file;
 *             | it completes are applied before the next read       |   the read of 0 bytes there ends it
 * </pre>
 *
 * <p>How often each pass reads is no reliable sign, and in a short file both samplings read at 0. So the file is at first
 * {@link FedFile#PLACEHOLDER_BYTES} long, in short lines: only {@code LAST_LINE} reads in its second half, and its read at
 * 0 never comes. Whoever reads at 0 after that replays.
 *
 * @see <a href="https://github.com/moosefs/moosefs/blob/master/mfsmaster/changelog.c">changelog_findfirstversion,
 *     changelog_findlastversion</a>
 * @see <a href="https://github.com/moosefs/moosefs/blob/master/mfsmaster/merger.c">merger_nextentry</a>
 */
enum Pass {
    FIRST_LINE,
    LAST_LINE,
    REPLAY;

    /** @param position where the next read will be */
    Pass at(long position) {
        return switch (this) {
            case FIRST_LINE -> position >= FedFile.PLACEHOLDER_BYTES / 2 ? LAST_LINE : FIRST_LINE;
            case LAST_LINE -> position == 0 ? REPLAY : LAST_LINE;
            case REPLAY -> REPLAY;
        };
    }
}
