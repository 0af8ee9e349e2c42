package io.antler.metalogger.keeping;

import io.antler.metalogger.archive.Archive;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who stores the changes that an image must fit to. */
public interface ImageFeed {
    /**
     * @param archive with every change that the master had made before {@link #barrier} was called
     * @param history the same number as before means that it is the same master process since then, or a history that cannot
     *     have changed; so an image that was fetched in between is of the history that is stored
     */
    record Stored(Archive archive, long history) {}

    /** Fails when that is not so now, or not known. */
    CompletableFuture<Stored> barrier();

    /** How far it is. Any thread. */
    Progress progress();

    /** Null while it is opened, or cannot be. Any thread. */
    @Nullable
    Archive archive();
}
