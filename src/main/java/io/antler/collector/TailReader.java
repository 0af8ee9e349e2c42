package io.antler.collector;

import io.antler.moosefs.Bisection;
import io.antler.moosefs.Change;
import io.antler.moosefs.ChangelogReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the ends of a directory's changelog files, so that files of any size cost little. Compressed ones are left out: a
 * program compresses only what it has long closed. Blocks; needs as much memory as what it gives.
 */
public final class TailReader {
    private static final int BLOCK = 1 << 18;

    private final Path directory;
    private final String family;
    private final long from;
    private final SourceBuilder source;

    private TailReader(Path directory, String family, long from) {
        this.directory = directory;
        this.family = family;
        this.from = from;
        this.source = new SourceBuilder(directory.toString());
    }

    /**
     * @param family the one of {@link FileNames#family} that counts
     * @param from version of the first change that is wanted, if it is there; else what comes after it
     * @param mostBytes about so many bytes of changes
     * @throws IOException if the directory cannot be listed
     */
    public static Tail read(Path directory, String family, long from, long mostBytes) throws IOException {
        return new TailReader(directory, family, from).read(mostBytes);
    }

    private Tail read(long mostBytes) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                add(file);
            }
        }
        Source found = source.build();
        var lines = new Lines(from, mostBytes);
        History history = Merge.run(Piece.reaching(found.changelogs(), from), Optional.empty(), lines);
        List<String> problems = new ArrayList<>();
        found.damaged().forEach(damage -> problems.add(damage.toString()));
        history.beyond(from).forEach(finding -> problems.add(finding.toString()));
        lines.problem().ifPresent(problems::add);
        return new Tail(lines.changes, problems);
    }

    private void add(Path file) {
        boolean counts = FileNames.family(file.getFileName().toString())
                .filter(family::equals)
                .isPresent();
        if (!counts || !Opener.isPlain(file)) {
            return;
        }
        try {
            long offset = offsetOf(file, from);
            source.changelog(
                    offset == 0 ? file.toString() : file + " (from byte " + offset + " on)",
                    family,
                    Optional.of(file),
                    () -> open(file, offset));
        } catch (IOException bad) {
            source.unreadable(file.toString(), bad);
        }
    }

    /**
     * A byte of a changelog file where a line begins, and that version comes soon, if it is there. 0 if the file is compressed.
     *
     * @throws io.antler.moosefs.BadChangelog if there is no line where one must be
     */
    public static long offsetOf(Path file, long version) throws IOException {
        if (!Opener.isPlain(file)) {
            return 0;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return Bisection.offsetOf(
                    (offset, length) -> block(channel, offset, length),
                    channel.size(),
                    BLOCK,
                    version,
                    file.toString());
        }
    }

    private static byte[] block(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(length);
        while (block.hasRemaining()) {
            if (channel.read(block, offset + block.position()) < 0) {
                throw new EOFException("it became shorter while it was read");
            }
        }
        return block.array();
    }

    private static InputStream open(Path file, long offset) throws IOException {
        return Channels.newInputStream(FileChannel.open(file).position(offset));
    }

    /** Takes the changes from a version on, up to a hole. */
    private static final class Lines implements Merge.Sink {
        private final long from;
        private final long mostBytes;
        private final List<Change> changes = new ArrayList<>();
        private long bytes;

        Lines(long from, long mostBytes) {
            this.from = from;
            this.mostBytes = mostBytes;
        }

        @Override
        public void begin() {
            changes.clear();
            bytes = 0;
        }

        @Override
        public boolean change(ChangelogReader line) {
            if (line.version() < from) {
                return true;
            }
            if (!changes.isEmpty() && line.version() != changes.getLast().version() + 1) {
                return false; // the merge tells what is missing
            }
            changes.add(line.change());
            bytes += line.length();
            return bytes < mostBytes;
        }

        Optional<String> problem() {
            return bytes < mostBytes
                    ? Optional.empty()
                    : Optional.of("only changes up to " + changes.getLast().version() + " were read, " + bytes
                            + " bytes of them");
        }
    }
}
