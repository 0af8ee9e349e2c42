package io.antler.collector;

import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All places that were named, and that they belong to one file system. */
public record Sources(List<Source> all) {
    public Sources {
        all = List.copyOf(all);
    }

    /**
     * Looks at each place.
     *
     * @throws SourceUnusable if one cannot be used
     * @throws TwoFileSystems if they are of different file systems
     */
    public static Sources scan(List<Place> places) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Place place : places) {
            sources.add(scan(place, 0));
        }
        var all = new Sources(sources);
        all.checkIds();
        return all;
    }

    /**
     * Only the changelog files of one family in a directory: the others and images are not even opened.
     *
     * @param family {@code changelog}, {@code changelog_ml} or {@code changelog_ml_back}
     * @throws SourceUnusable if it is no directory that this user can list
     */
    public static Source changelogs(Path directory, String family) throws SourceUnusable {
        return DirectorySource.changelogs(directory, family);
    }

    /** @param from version from which on the journal of a node is wanted; the files of directories are taken as they are */
    static Source scan(Place place, long from) throws SourceUnusable {
        return switch (place) {
            case Place.Directory directory -> DirectorySource.scan(directory);
            case Place.File file -> DirectorySource.scan(file);
            case Place.Node node -> NodeSource.scan(node, from);
            case Place.Journal journal -> NodeSource.scan(journal, from);
        };
    }

    private void checkIds() throws TwoFileSystems {
        Map<MetadataId, List<String>> images = images().stream()
                .filter(image -> !image.id().isNone())
                .collect(Collectors.groupingBy(
                        ImageFile::id,
                        () -> new TreeMap<>(Comparator.comparing(MetadataId::toString)),
                        Collectors.mapping(ImageFile::name, Collectors.toList())));
        if (images.size() > 1) {
            throw new TwoFileSystems(images);
        }
    }

    /** The newest first. */
    public List<ImageFile> images() {
        return all.stream()
                .flatMap(source -> source.images().stream())
                .sorted(Comparator.comparingLong(ImageFile::version).reversed())
                .toList();
    }

    /** Of the file system; empty if there is no image of one that was ever started. */
    public Optional<MetadataId> metadataId() {
        return images().stream().map(ImageFile::id).filter(id -> !id.isNone()).findFirst();
    }

    /** Files of which nothing can be used. */
    public List<Finding.Damaged> damaged() {
        return all.stream().flatMap(source -> source.damaged().stream()).toList();
    }

    public List<Piece> changelogs() {
        return all.stream().flatMap(source -> source.changelogs().stream()).toList();
    }
}
