package io.antler.collector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory of a stock master or metalogger, of Antler's metalogger, or what {@code antler changelog collect} made; a
 * data directory of a node gives its checkpoints. Nothing in it is changed, and nothing below it looked at.
 */
final class DirectorySource {
    private static final String CHECKPOINTS = "checkpoints";

    private DirectorySource() {}

    /** @throws SourceUnusable if it is no directory that this user can list */
    static Source scan(Place.Directory place) throws SourceUnusable {
        var source = new SourceBuilder(place.name());
        add(source, place.path());
        if (Files.isDirectory(place.path().resolve(CHECKPOINTS))) {
            add(source, place.path().resolve(CHECKPOINTS));
        }
        return source.build();
    }

    /**
     * Files of one directory and family are one history, also if they are named one by one.
     *
     * @throws SourceUnusable if there is no such file
     */
    static Source scan(Place.File place) throws SourceUnusable {
        Path file = place.path();
        if (!Files.isRegularFile(file)) {
            throw new SourceUnusable(
                    file + (Files.exists(file) ? " is not a regular file" : " does not exist") + ". Name another one");
        }
        String name = file.getFileName().toString();
        var source = new SourceBuilder(String.valueOf(file.toAbsolutePath().getParent()));
        source.changelog(file.toString(), FileNames.family(name).orElse(name), Optional.of(file), () -> open(file));
        return source.build();
    }

    static Source changelogs(Path directory, String family) throws SourceUnusable {
        var source = new SourceBuilder(directory.toString());
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            if (FileNames.family(name).filter(family::equals).isPresent() && !Files.isDirectory(file)) {
                source.changelog(file.toString(), family, Optional.of(file), () -> open(file));
            }
        }
        return source.build();
    }

    private static void add(SourceBuilder source, Path directory) throws SourceUnusable {
        for (Path file : files(directory)) {
            if (Files.isDirectory(file)) {
                continue;
            }
            String name = file.getFileName().toString();
            Optional<String> family = FileNames.family(name);
            if (family.isPresent()) {
                source.changelog(file.toString(), family.get(), Optional.of(file), () -> open(file));
            } else if (FileNames.isImage(name)) {
                source.image(file.toString(), Optional.of(file), () -> open(file));
            } else {
                source.ignored(name);
            }
        }
    }

    private static List<Path> files(Path directory) throws SourceUnusable {
        if (!Files.isDirectory(directory)) {
            throw new SourceUnusable(directory
                    + (Files.exists(directory) ? " is not a directory" : " does not exist")
                    + ". Name a directory, or a node as ADDRESS[:PORT]");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (AccessDeniedException denied) {
            throw new SourceUnusable(directory + " cannot be listed by this user. Run this as root", denied);
        } catch (IOException | UncheckedIOException failure) {
            throw new SourceUnusable(
                    directory + " cannot be listed: " + failure + ". Copy what can be read of it elsewhere", failure);
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a regular file");
        }
        return Files.newInputStream(file);
    }
}
