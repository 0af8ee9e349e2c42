package io.antler.metalogger.archive;

import io.antler.moosefs.BadImage;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code mfsmaster -a} makes of a directory: the image with the highest version, and the changes from there on, of all
 * changelog files that end with a whole line.
 *
 * @param image version of the image
 * @param texts of the changes from there on
 */
public record StockView(long image, List<String> texts) {
    public static StockView of(Path directory) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
        long image = -1;
        for (String name : names) {
            if (name.startsWith("metadata")) {
                image = Math.max(image, version(directory.resolve(name)));
            }
        }
        if (image < 0) {
            throw new AssertionError("no image: " + names);
        }
        TreeMap<Long, String> changes = new TreeMap<>();
        for (String name : names) {
            if (name.matches("changelog(_ml|_ml_back)?\\.[0-9]+\\.mfs")) {
                use(directory.resolve(name), image, changes);
            }
        }
        List<String> texts = new ArrayList<>();
        for (var change : changes.tailMap(image, true).entrySet()) {
            if (change.getKey() != image + texts.size()) {
                throw new AssertionError("hole in change files before " + change.getKey() + " in " + names);
            }
            texts.add(change.getValue());
        }
        return new StockView(image, texts);
    }

    private static long version(Path image) throws IOException {
        try {
            return ImageHeader.read(image).version();
        } catch (BadImage ignored) {
            return -1;
        }
    }

    private static void use(Path file, long image, TreeMap<Long, String> changes) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\n")) {
            return; // without a word
        }
        List<Change> lines = text.lines().map(Change::parse).toList();
        if (lines.getLast().version() < image) {
            return;
        }
        for (Change line : lines) {
            String other = changes.putIfAbsent(line.version(), line.text());
            if (other != null && !other.equals(line.text())) {
                throw new AssertionError(
                        "two changes of version " + line.version() + ": " + other + ", " + line.text());
            }
        }
    }

    public long next() {
        return image + texts.size();
    }
}
