package io.antler.restore;

import io.antler.collector.Opener;
import io.antler.collector.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that can be given to the stock program as they are, by their first and last lines. Whether this holds for what is
 * between, the merge tells while the program replays them already.
 *
 * @param files in order, overlapping or one after the other
 * @param reach version after the last change
 */
record LinkedFiles(List<Path> files, long reach) {
    private static final int TAIL = 64 << 10;
    private static final Pattern LAST_LINE = Pattern.compile("(?s)(?:.*\n)?([0-9]{1,18}): [^\n]*\n");

    LinkedFiles {
        files = List.copyOf(files);
    }

    /** @param last version of its last line */
    private record Candidate(Path file, long first, long last) {}

    /** As far as one gets from a version with whole files; as few as possible. */
    static LinkedFiles from(long version, List<Piece> changelogs) {
        List<Candidate> candidates = new ArrayList<>();
        for (Piece piece : changelogs) {
            Optional<Path> file = piece.file().local().filter(Opener::isPlain);
            if (file.isPresent() && piece.first() >= 0) {
                lastVersion(file.get())
                        .ifPresent(last -> candidates.add(new Candidate(file.get(), piece.first(), last)));
            }
        }
        List<Path> chosen = new ArrayList<>();
        long reach = version;
        while (true) {
            long reached = reach;
            Optional<Candidate> next = candidates.stream()
                    .filter(candidate -> candidate.first() <= reached && candidate.last() >= reached)
                    .max(Comparator.comparingLong(Candidate::last));
            if (next.isEmpty()) {
                return new LinkedFiles(chosen, reach);
            }
            chosen.add(next.get().file());
            reach = next.get().last() + 1;
        }
    }

    /** Empty: the last line is not whole, or longer than most. */
    private static OptionalLong lastVersion(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            var tail = ByteBuffer.allocate(TAIL);
            long position = Math.max(0, channel.size() - TAIL);
            while (tail.hasRemaining() && channel.read(tail, position + tail.position()) >= 0) {
                // a read may give less than asked for
            }
            Matcher line = LAST_LINE.matcher(new String(tail.array(), 0, tail.position(), StandardCharsets.ISO_8859_1));
            return line.matches() ? OptionalLong.of(Long.parseLong(line.group(1))) : OptionalLong.empty();
        } catch (IOException _) {
            return OptionalLong.empty(); // the merge tells
        }
    }
}
