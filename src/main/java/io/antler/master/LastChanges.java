package io.antler.master;

import io.antler.collector.Tail;
import io.antler.collector.TailReader;
import io.antler.metalogger.ChangesSink;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.Portion;
import io.antler.moosefs.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program that is dead now had written to its changelog file, which it does before it answers a client, and could not
 * tell its metaloggers any more: it is journaled under the program's own epoch. Blocks.
 */
record LastChanges(Path directory, ChangesSink journal, MetaloggerSettings settings) {
    /** The program's own; what it was fed as a standby is the journal's. */
    private static final String FAMILY = "changelog";

    /** The journal compares so many that it has already. */
    private static final int COMPARED = 100;

    private static final long MOST_BYTES = 64 << 20;

    /** @param next version after the last change that the journal has now */
    record Result(long next, Tail tail) {}

    /**
     * @param start version of the first change of this mastership
     * @param next version of the first change that is not journaled
     * @throws IOException if the files cannot be read, or the journal refuses: they tell another history, or have a hole
     */
    Result journal(long start, long next) throws IOException, InterruptedException {
        Tail tail = TailReader.read(directory, FAMILY, Math.max(start, next - COMPARED), MOST_BYTES);
        long stored = next;
        if (tail.until() > next) {
            var portion = new Portion(settings);
            for (Change change : tail.changes()) {
                if (portion.add(change)) {
                    stored = journal.append(portion.take());
                }
            }
            List<Change> rest = portion.take();
            if (!rest.isEmpty()) {
                stored = journal.append(rest);
            }
        }
        return new Result(stored, tail);
    }
}
