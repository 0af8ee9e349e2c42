package io.antler.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.antler.moosefs.BadImage;
import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node, or a metalogger, gives to others: the answer to {@code GET /antler/history}.
 *
 * @param journal whether it has a replica of the journal: {@code GET /antler/changes/VERSION}
 * @param checkpoints {@code GET /antler/checkpoint/VERSION}
 * @param files {@code GET /antler/file/DIRECTORY/NAME}
 */
public record NodeListing(boolean journal, List<Checkpoint> checkpoints, List<File> files) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new ParameterNamesModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public NodeListing {
        if (checkpoints == null || files == null) {
            throw new IllegalArgumentException("neither checkpoints nor files: this is no listing");
        }
        checkpoints = List.copyOf(checkpoints);
        files = List.copyOf(files);
    }

    /** @param metadataId 16 hexadecimal digits */
    public record Checkpoint(long version, String metadataId) {}

    /**
     * @param directory number of a directory of its configuration, from 0
     * @param path where it is on that host
     * @param version of an uncompressed image; null of all else
     * @param metadataId of it
     */
    public record File(
            int directory,
            String name,
            String path,
            @Nullable Long version,
            @Nullable String metadataId) {}

    /** Images and changelogs in these directories; what is no complete image is left out. Blocks. */
    public static List<File> list(List<Path> directories) throws IOException {
        List<File> files = new ArrayList<>();
        for (int number = 0; number < directories.size(); number++) {
            try (Stream<Path> below = Files.list(directories.get(number))) {
                for (Path path : below.filter(Files::isRegularFile).sorted().toList()) {
                    String name = path.getFileName().toString();
                    if (FileNames.family(name).isPresent()) {
                        files.add(new File(number, name, path.toString(), null, null));
                    } else if (FileNames.isImage(name)) {
                        addImage(files, number, path);
                    }
                }
            } catch (UncheckedIOException failure) {
                throw new IOException(failure);
            }
        }
        return files;
    }

    private static void addImage(List<File> files, int number, Path path) {
        String name = path.getFileName().toString();
        try {
            if (Opener.isPlain(path)) {
                ImageHeader header = ImageHeader.read(path);
                files.add(new File(
                        number,
                        name,
                        path.toString(),
                        header.version(),
                        header.id().toString()));
            } else {
                files.add(new File(number, name, path.toString(), null, null));
            }
        } catch (BadImage incomplete) {
            // being written, or damaged: nobody can use it
        } catch (IOException gone) {
            // rotated meanwhile
        }
    }

    /** Whether a file may be given: an image or changelog right in that directory. */
    public static boolean isServed(Path directory, String name) {
        return (FileNames.family(name).isPresent() || FileNames.isImage(name))
                && !name.contains("/")
                && Files.isRegularFile(directory.resolve(name));
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException if this is not what {@link #toJson} makes */
    static NodeListing fromJson(byte[] json) throws IOException {
        return JSON.readValue(json, NodeListing.class);
    }
}
