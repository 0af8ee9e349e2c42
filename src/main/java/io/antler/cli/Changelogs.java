package io.antler.cli;

import io.antler.collector.Finding;
import io.antler.collector.Metered;
import io.antler.collector.Place;
import io.antler.collector.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What stands behind {@code FILE|DIR...}: changelog files, the earliest changes first.
 *
 * @param damaged files of which nothing can be used
 */
record Changelogs(Metered files, List<Finding.Damaged> damaged) {
    Changelogs {
        damaged = List.copyOf(damaged);
    }

    /** @throws CommandFailed if there are none */
    static Changelogs of(List<Path> names) throws IOException {
        Sources sources = Sources.scan(names.stream()
                .<Place>map(name ->
                        Files.isDirectory(name) ? new Place.Directory(name.toString(), name) : new Place.File(name))
                .toList());
        if (sources.changelogs().isEmpty() && sources.damaged().isEmpty()) {
            throw new CommandFailed("There are no changes in "
                    + String.join(", ", names.stream().map(Path::toString).toList())
                    + ". Name changelog files, or directories with changelog.N.mfs or changelog_ml.N.mfs");
        }
        return new Changelogs(new Metered(sources), sources.damaged());
    }
}
