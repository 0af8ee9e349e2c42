package io.antler.master.orphans;

import io.antler.journal.Epoch;
import io.antler.metalogger.ChangesBatch;
import java.io.Closeable;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Goes once through what epochs up to a given one have journaled. */
final class Cursor implements Closeable {
    private final Stream<ChangesBatch> stream;
    private final Iterator<ChangesBatch> batches;
    private final Epoch newest;
    private @Nullable ChangesBatch current;
    private boolean over;

    /**
     * @param stream closed with this
     * @param newest epoch of which the last batches are wanted
     */
    Cursor(Stream<ChangesBatch> stream, Epoch newest) {
        this.stream = stream;
        this.batches = stream.iterator();
        this.newest = newest;
    }

    /** Null: there is none. Versions must grow from call to call. */
    @Nullable
    String text(long version) {
        while (current == null || current.nextVersion() <= version) {
            if (!advance()) {
                return null;
            }
        }
        return version < current.firstVersion() ? null : current.texts().get((int) (version - current.firstVersion()));
    }

    /** Version after the last change; -1 if there is none. Nothing can be asked for afterwards. */
    long end() {
        while (advance()) {
            // to the last one
        }
        return current == null ? -1 : current.nextVersion();
    }

    private boolean advance() {
        if (over || !batches.hasNext()) {
            over = true;
            return false;
        }
        ChangesBatch next = batches.next();
        over = next.epoch().compareTo(newest) > 0;
        current = over ? current : next;
        return !over;
    }

    @Override
    public void close() {
        stream.close();
    }
}
