package io.antler.metalogger;

import io.antler.journal.CborEncoded;
import io.antler.journal.Epoch;
import io.antler.journal.Fenced;
import io.antler.moosefs.Change;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Event of {@link Changes#PERSISTENCE_ID}: consecutive changes.
 *
 * @param epoch of the master that made them
 * @param firstVersion version of the first; each next one has the next version
 * @param texts {@link Change#text()} of each, at least one
 */
public record ChangesBatch(Epoch epoch, long firstVersion, List<String> texts) implements Fenced, CborEncoded {
    public ChangesBatch {
        texts = List.copyOf(texts);
        if (texts.isEmpty() || firstVersion < 0) {
            throw new IllegalArgumentException("batch of " + texts.size() + " changes from version " + firstVersion);
        }
    }

    /** Version of the metadata after these changes, which is that of the first change of the next batch. */
    public long nextVersion() {
        return firstVersion + texts.size();
    }

    public List<Change> changes() {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new Change(firstVersion + i, texts.get(i)))
                .toList();
    }
}
