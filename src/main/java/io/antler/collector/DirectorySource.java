package io.antler.collector;

import io.antler.moosefs.BadChangelog;
import io.antler.moosefs.ChangelogReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a stock master or metalogger, of Antler's metalogger, or what {@code antler changelog collect} made; a
 * data directory of a node gives its checkpoints. Nothing in it is changed, and nothing below it looked at.
 *
 * <pre>
 * changelog.N.mfs  changelog_ml.N.mfs  changelog_ml_back.N.mfs     and with something behind: .gz, -20261128, ~
 * metadata*                                                        but metadata.crc
 * VERSION.mfs                                                      in checkpoints/ of a node
 * </pre>
 */
final class DirectorySource {
    private static final Pattern CHANGELOG =
            Pattern.compile("(changelog(?:_ml(?:_back)?)?)\\.[0-9]+\\.mfs(?:[.~_-].*)?");
    private static final Pattern IMAGE = Pattern.compile("metadata(?!\\.crc).+|[1-9][0-9]{0,18}\\.mfs");
    private static final String CHECKPOINTS = "checkpoints";

    private final String name;
    private final List<ImageFile> images = new ArrayList<>();
    private final List<Piece> changelogs = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final List<String> badImages = new ArrayList<>();
    private final List<Finding.Damaged> damaged = new ArrayList<>();

    private DirectorySource(String name) {
        this.name = name;
    }

    /** @throws SourceUnusable if it is no directory that this user can list */
    static Source scan(String name, Path directory) throws IOException {
        var source = new DirectorySource(name);
        source.add(directory);
        if (Files.isDirectory(directory.resolve(CHECKPOINTS))) {
            source.add(directory.resolve(CHECKPOINTS));
        }
        return new Source(name, source.images, source.changelogs, source.ignored, source.badImages, source.damaged);
    }

    private void add(Path directory) throws IOException {
        for (Path file : files(directory)) {
            String fileName = file.getFileName().toString();
            Matcher changelog = CHANGELOG.matcher(fileName);
            if (Files.isDirectory(file)) {
                continue;
            }
            if (changelog.matches()) {
                addChangelog(file, changelog.group(1));
            } else if (IMAGE.matcher(fileName).matches()) {
                addImage(file);
            } else {
                ignored.add(fileName);
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

    private void addChangelog(Path file, String family) {
        var changelog = new ChangelogFile(new Lane(name, family), file.toString(), Optional.of(file), () -> open(file));
        try (ChangelogReader reader = changelog.read()) {
            OptionalLong first = firstVersion(reader);
            if (first.isPresent()) {
                changelogs.add(Piece.whole(changelog, first.getAsLong()));
            } else if (reader.halfLine().isPresent()) {
                damaged.add(useless(file + " has nothing but half a change"));
            }
        } catch (IOException bad) {
            damaged.add(useless(sentence(file, bad)));
        }
    }

    /** What was in it is not known, so it may be what is missing. */
    private static Finding.Damaged useless(String sentence) {
        return new Finding.Damaged(sentence, Long.MAX_VALUE, true);
    }

    private static OptionalLong firstVersion(ChangelogReader reader) throws BadChangelog {
        @Nullable BadChangelog first = null;
        while (true) {
            try {
                if (reader.next()) {
                    return OptionalLong.of(reader.version());
                }
            } catch (BadChangelog bad) {
                first = first == null ? bad : first;
                continue;
            }
            if (first != null) {
                throw first;
            }
            return OptionalLong.empty();
        }
    }

    private void addImage(Path file) {
        try {
            images.add(ImageFile.of(name, file.toString(), Optional.of(file), () -> open(file)));
        } catch (IOException bad) {
            badImages.add(sentence(file, bad));
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a regular file");
        }
        return Files.newInputStream(file);
    }

    private static String sentence(Path file, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(file.toString()) ? message : file + " is not used: " + failure;
    }
}
