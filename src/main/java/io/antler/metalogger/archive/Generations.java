package io.antler.metalogger.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files of one kind that are numbered by age as MooseFS does it, 0 is the newest. A number may be free, and then the files
 * before it can move up; so their order is always that of their age. Some are compressed, with {@value #GZ} at the end.
 */
enum Generations {
    /** {@code changelog_ml.0.mfs}, {@code changelog_ml.1.mfs}, … */
    CHANGELOGS("changelog_ml\\.([0-9]{1,9})\\.mfs(\\.gz)?"),

    /** {@code metadata_ml.mfs.back}, {@code metadata_ml.mfs.back.1}, … */
    IMAGES("metadata_ml\\.mfs\\.back(?:\\.([1-9][0-9]{0,8}))?(\\.gz)?");

    static final String GZ = ".gz";

    private final Pattern pattern;

    Generations(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    private String name(int number) {
        return switch (this) {
            case CHANGELOGS -> "changelog_ml." + number + ".mfs";
            case IMAGES -> "metadata_ml.mfs.back" + (number == 0 ? "" : "." + number);
        };
    }

    Path newest(Path directory) {
        return directory.resolve(name(0));
    }

    boolean has(String name) {
        return pattern.matcher(name).matches();
    }

    static boolean isCompressed(Path file) {
        return file.toString().endsWith(GZ);
    }

    /** By number. Of a file that is there plain and compressed, the plain one. */
    NavigableMap<Integer, Path> in(Path directory) throws IOException {
        NavigableMap<Integer, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.forEach(file -> {
                Matcher name = pattern.matcher(file.getFileName().toString());
                if (name.matches()) {
                    String number = name.group(1);
                    files.merge(
                            number == null ? 0 : Integer.parseInt(number),
                            file,
                            (one, other) -> isCompressed(one) ? other : one);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException(directory + " could not be listed: " + e.getMessage(), e);
        }
        return files;
    }

    /** A compression was cut short behind its last step but one: the plain file is there as well, and counts. */
    void dropDoubles(Path directory) throws IOException {
        for (Path file : in(directory).values()) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + GZ));
        }
    }

    /** Frees number 0: those before the first free number get the next one, the oldest of them first. */
    void makeRoom(Path directory) throws IOException {
        NavigableMap<Integer, Path> files = in(directory);
        int free = 0;
        while (files.containsKey(free)) {
            free++;
        }
        for (int number = free - 1; number >= 0; number--) {
            Path file = files.get(number);
            if (file != null) {
                String suffix = isCompressed(file) ? GZ : "";
                Files.move(file, directory.resolve(name(number + 1) + suffix), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
