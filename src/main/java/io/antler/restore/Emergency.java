package io.antler.restore;

import io.antler.collector.ImageFile;
import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The places outside a data directory where a master saves when it cannot save in its own, and where the stock {@code
 * restore} therefore looks: an image there with the same metadata id and a higher version wins over the one it was given.
 *
 * @param before what was in these places already
 */
record Emergency(List<Path> before) {
    private static final String NAME = "metadata.mfs.emergency";

    Emergency {
        before = List.copyOf(before);
    }

    private static Stream<Path> places() {
        return Stream.of(
                        System.getProperty("user.home"),
                        "/",
                        "/tmp",
                        "/var",
                        "/usr",
                        "/usr/share",
                        "/usr/local",
                        "/usr/local/var",
                        "/usr/local/share")
                .map(place -> Path.of(place, NAME))
                .distinct();
    }

    /** @throws NoWay if one of them would be taken instead of {@code image} */
    static Emergency check(ImageFile image) throws NoWay {
        List<Path> present = new ArrayList<>();
        for (Path place : places().filter(Files::exists).toList()) {
            present.add(place);
            if (winsOver(place, image)) {
                throw new NoWay("mfsmaster would take " + place + " instead of " + image.name()
                        + ": a master saved it there when it could not save elsewhere. If it is wanted, move it into a directory"
                        + " and name that with --from; if not, move it away");
            }
        }
        return new Emergency(present);
    }

    private static boolean winsOver(Path place, ImageFile image) {
        try {
            ImageHeader header = ImageHeader.read(place);
            return header.version() > image.version() && header.id().equals(image.id());
        } catch (IOException _) {
            return false; // the program does not take it either
        }
    }

    /** After a failure: removes what the program has saved in these places because our disk was full. */
    void removeNew() throws IOException {
        for (Path place : places().filter(place -> !before.contains(place)).toList()) {
            Files.deleteIfExists(place);
        }
    }
}
