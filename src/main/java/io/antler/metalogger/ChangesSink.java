package io.antler.metalogger;

import io.antler.moosefs.Change;
import java.io.IOException;
import java.util.List;

/** Where changes are stored: the journal, or the changelog files of a directory. */
public interface ChangesSink {
    /**
     * Stores what it does not have yet; waits until that is durable.
     *
     * @param changes consecutive, in order; a change it has already must be the same
     * @return version of the first change that it does not have
     * @throws IOException if nothing of them is stored, or that is not known
     */
    long append(List<Change> changes) throws IOException, InterruptedException;
}
