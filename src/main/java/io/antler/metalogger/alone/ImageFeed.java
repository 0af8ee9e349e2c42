package io.antler.metalogger.alone;

import io.antler.metalogger.archive.Archive;
import java.util.concurrent.CompletableFuture;

/** Who stores the changes that an image must fit to. */
public interface ImageFeed {
    /**
     * Completes with the archive when every change is stored that the master had made before the call, and that master is the
     * same process since then; so an image that was fetched in between is of the history that is stored. Fails when that is not
     * so, or not known.
     */
    CompletableFuture<Archive> barrier();
}
