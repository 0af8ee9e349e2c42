package io.antler.metalogger.keeping;

import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Other places that may have changes which are missing here. Blocks. */
@FunctionalInterface
public interface Elsewhere {
    /** There are none. */
    Elsewhere NOWHERE =
            (_, _, _, _) -> new Found(-1, -1, List.of("no other places are configured: antler.collector.sources"));

    /**
     * What was found: consecutive, nothing that two places tell differently.
     *
     * @param first version of the first change; -1 if nothing was found
     * @param next version after the last of them
     * @param told a sentence for each place, and for what keeps more from being found
     */
    record Found(long first, long next, List<String> told) {
        public Found {
            told = List.copyOf(told);
        }
    }

    /**
     * @param id of the file system; places of another one are not used
     * @param from version of the first change that is wanted
     * @param until version after the last one
     * @param target the changelog file to make
     * @throws IOException if that cannot be written; places that cannot be read are told
     */
    Found look(MetadataId id, long from, long until, Path target) throws IOException;
}
