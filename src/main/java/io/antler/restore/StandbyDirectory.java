package io.antler.restore;

import io.antler.moosefs.DataDirectory;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.stream.Stream;

/** The data directory of a standby: nothing in it but what Antler puts there, because {@code -a} uses all it finds. */
public final class StandbyDirectory {
    private StandbyDirectory() {}

    /** A directory with a clean image, for a plain start; one from an earlier attempt is replaced. */
    public static void createPlain(StandbySettings settings, Path image) throws IOException {
        Path directory = settings.dataPath();
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory);
        Path clean = new DataDirectory(directory).cleanImage();
        Files.copy(image, clean);
        giveTo(settings, directory);
        giveTo(settings, clean);
    }

    /** @return the file to be fed, ready to be sampled */
    static FedFile create(StandbySettings settings, Path image, long imageVersion) throws IOException {
        Path directory = settings.dataPath();
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new IOException("Not starting a standby: %s is not empty. Move it aside.".formatted(directory));
            }
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        Path back = new DataDirectory(directory).oldImage();
        Files.copy(image, back);
        Path changes = fed(directory);
        FedFile fed = FedFile.create(changes, imageVersion);
        for (Path path : new Path[] {directory, back, changes}) {
            giveTo(settings, path);
        }
        return fed;
    }

    /** A name of its own: after the promotion the master writes {@code changelog.0.mfs}. */
    static Path fed(Path directory) {
        return directory.resolve("changelog_ml.0.mfs");
    }

    private static void giveTo(StandbySettings settings, Path path) throws IOException {
        FileSystem system = path.getFileSystem();
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            view.setOwner(system.getUserPrincipalLookupService().lookupPrincipalByName(settings.user()));
            if (settings.group().isPresent()) {
                view.setGroup(system.getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(settings.group().get()));
            }
        } catch (UserPrincipalNotFoundException unknown) {
            throw new IOException(
                    "Not starting a standby: WORKING_USER or WORKING_GROUP %s does not exist on this machine."
                            .formatted(unknown.getName()),
                    unknown);
        }
    }
}
