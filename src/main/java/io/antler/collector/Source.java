package io.antler.collector;

import java.util.List;

/**
 * What one place has: a directory, or a node of a cluster.
 *
 * @param name as it was named
 * @param ignored names of files that are neither images nor changelogs
 * @param badImages sentences about images that cannot be used
 * @param damaged changelog files of which nothing can be used
 */
public record Source(
        String name,
        List<ImageFile> images,
        List<Piece> changelogs,
        List<String> ignored,
        List<String> badImages,
        List<Finding.Damaged> damaged) {
    public Source {
        images = List.copyOf(images);
        changelogs = List.copyOf(changelogs);
        ignored = List.copyOf(ignored);
        badImages = List.copyOf(badImages);
        damaged = List.copyOf(damaged);
    }
}
