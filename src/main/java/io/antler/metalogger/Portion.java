package io.antler.metalogger;

import io.antler.moosefs.Change;
import java.util.ArrayList;
import java.util.List;

/** Changes that are collected until they are as many as one event of the journal may have. Not thread-safe. */
public final class Portion {
    private static final int VERSION = 22; // at most so many bytes of a line are not of its text

    private final MetaloggerSettings settings;
    private List<Change> changes = new ArrayList<>();
    private int bytes;

    public Portion(MetaloggerSettings settings) {
        this.settings = settings;
    }

    /** @return whether it is to be taken before another one is added */
    public boolean add(Change change) {
        changes.add(change);
        bytes += change.text().length() + VERSION;
        return changes.size() >= settings.batchChanges() || bytes >= settings.batchBytes();
    }

    /** What was added since it was taken last; may be nothing. */
    public List<Change> take() {
        List<Change> taken = changes;
        changes = new ArrayList<>();
        bytes = 0;
        return taken;
    }
}
