package io.antler.metalogger.archive;

import io.antler.metalogger.DurableFile;
import io.antler.metalogger.RecentChanges;
import io.antler.moosefs.ChangelogReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changelog files of an archive: the one that grows, kept twice ({@link TwinFile}), and closed ones. Each has consecutive
 * changes; between two files there may be a hole, where changes were missed and a newer image stands after it.
 *
 * <p>For one thread. After an exception it must be closed and opened again.
 */
final class ChangelogFiles implements Closeable {
    private static final String TWIN = "changelog_ml_back.0.mfs";

    private final Path directory;
    private @Nullable TwinFile growing;
    private RecentChanges recent = new RecentChanges(0);
    private long next = -1;

    /**
     * A file whose first change has that version.
     *
     * @param number its generation
     */
    record Segment(int number, Path file, long first) {}

    private ChangelogFiles(Path directory) {
        this.directory = directory;
    }

    /** Repairs what a crash left. */
    static ChangelogFiles open(Path directory) throws IOException {
        var files = new ChangelogFiles(directory);
        files.dropHalfDone();
        Path first = Generations.CHANGELOGS.newest(directory);
        Path second = directory.resolve(TWIN);
        if (isFilled(first) || isFilled(second)) {
            files.openGrowing(first, second);
        }
        files.readEnd();
        return files;
    }

    static boolean isTwin(String name) {
        return name.equals(TWIN);
    }

    private static boolean isFilled(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    /** A rotation was cut short: the second file's lines are all in a closed one. */
    private void dropHalfDone() throws IOException {
        Path first = Generations.CHANGELOGS.newest(directory);
        Path second = directory.resolve(TWIN);
        Path closed = Generations.CHANGELOGS.in(directory).get(1);
        if (!Files.exists(first) && closed != null && isFilled(second) && Files.mismatch(closed, second) < 0) {
            Files.delete(second);
        }
    }

    private void openGrowing(Path first, Path second) throws IOException {
        TwinFile twin = TwinFile.open(first, second);
        if (twin.length() == 0) {
            twin.closeAndDropSecond(); // half a line, and nothing before it
        } else {
            growing = twin;
        }
    }

    /** Finds the next version and the changes that later ones can be compared with. */
    private void readEnd() throws IOException {
        List<Segment> newest = new ArrayList<>();
        for (Map.Entry<Integer, Path> file :
                Generations.CHANGELOGS.in(directory).entrySet()) {
            if (newest.size() < 2 && isFilled(file.getValue())) {
                newest.addFirst(segment(file.getKey(), file.getValue()));
            }
        }
        for (Segment segment : newest) {
            try (ChangelogReader lines = ChangelogReader.open(segment.file())) {
                while (lines.next()) {
                    recent.add(lines.version(), List.of(lines.change().text()));
                    next = lines.version() + 1;
                }
            }
        }
    }

    private static Segment segment(int number, Path file) throws IOException {
        try (ChangelogReader lines = ChangelogReader.open(file)) {
            if (!lines.next()) {
                throw new IOException(file + " has no change in it. Move it to another directory and start again");
            }
            return new Segment(number, file, lines.version());
        }
    }

    /** The closed files and the growing one, oldest first. */
    List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Map.Entry<Integer, Path> file :
                Generations.CHANGELOGS.in(directory).descendingMap().entrySet()) {
            if (isFilled(file.getValue())) {
                segments.add(segment(file.getKey(), file.getValue()));
            }
        }
        return segments;
    }

    /** Version after the last change; -1 if there is none. */
    long next() {
        return next;
    }

    RecentChanges recent() {
        return recent;
    }

    /** Bytes of the file that grows. */
    long growingLength() {
        return growing == null ? 0 : growing.length();
    }

    /** On the disk, twice, when it returns. */
    void append(long firstVersion, List<String> texts) throws IOException {
        if (growing != null && next != firstVersion) {
            rotate(); // a hole: no file has one inside
        }
        if (growing == null) {
            growing = TwinFile.create(Generations.CHANGELOGS.newest(directory), directory.resolve(TWIN), firstVersion);
        }
        var lines = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            lines.append(firstVersion + i).append(": ").append(texts.get(i)).append('\n');
        }
        growing.append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.ISO_8859_1)));
        recent.add(firstVersion, texts);
        next = firstVersion + texts.size();
    }

    /** Closes the file that grows; the next change begins a new one. */
    void rotate() throws IOException {
        if (growing == null) {
            return;
        }
        TwinFile closed = growing;
        growing = null;
        closed.close();
        Generations.CHANGELOGS.makeRoom(directory);
        DurableFile.force(directory);
        Files.deleteIfExists(directory.resolve(TWIN));
    }

    /**
     * Takes the changes from that version on out; they are in {@code aside} then. Newest first, so that what is left never has a
     * hole; a file that is cut is replaced at once.
     */
    void cut(long version, Path aside) throws IOException {
        TwinFile twin = growing;
        growing = null;
        if (twin != null) {
            twin.close();
        }
        List<Segment> segments = segments().reversed();
        for (Segment segment : segments) {
            Path target = aside.resolve(segment.file().getFileName());
            if (segment.first() >= version) {
                Files.copy(segment.file(), target, StandardCopyOption.REPLACE_EXISTING);
                publish(target);
                Files.deleteIfExists(directory.resolve(TWIN));
                Files.delete(segment.file());
                continue;
            }
            if (ends(segment.file()) > version) {
                Files.copy(segment.file(), target, StandardCopyOption.REPLACE_EXISTING);
                publish(target);
                shorten(segment.file(), version);
            }
            break; // older ones have older changes
        }
        DurableFile.force(directory);
        reopen();
    }

    private static void publish(Path copy) throws IOException {
        DurableFile.force(copy);
        DurableFile.force(DurableFile.directoryOf(copy));
    }

    private static long ends(Path file) throws IOException {
        long next = -1;
        try (ChangelogReader lines = ChangelogReader.open(file)) {
            while (lines.next()) {
                next = lines.version() + 1;
            }
        }
        return next;
    }

    private void shorten(Path file, long version) throws IOException {
        Path beside = directory.resolve("shorter.tmp");
        try (ChangelogReader lines = ChangelogReader.open(file);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside))) {
            while (lines.next() && lines.version() < version) {
                lines.writeTo(out);
            }
        }
        Path plain = Generations.isCompressed(file)
                ? file.resolveSibling(file.getFileName().toString().replaceFirst("\\.gz$", ""))
                : file;
        Files.deleteIfExists(directory.resolve(TWIN)); // before: two files with different changes of one version
        DurableFile.publish(beside, plain);
        if (!plain.equals(file)) {
            Files.delete(file);
        }
    }

    private void reopen() throws IOException {
        recent = new RecentChanges(0);
        next = -1;
        Path first = Generations.CHANGELOGS.newest(directory);
        Path second = directory.resolve(TWIN);
        if (isFilled(first)) {
            openGrowing(first, second);
        }
        readEnd();
    }

    @Override
    public void close() throws IOException {
        if (growing != null) {
            growing.close();
        }
    }
}
