package io.antler.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.metalogger.AppendRule;
import io.antler.metalogger.ChangesSink;
import io.antler.metalogger.MetaloggerSettings;
import io.antler.metalogger.RecentChanges;
import io.antler.moosefs.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed program left in its file, against a journal that compares as the real writer does. */
class LastChangesTest {
    private static final long START = 1_000;
    private static final MetaloggerSettings SETTINGS =
            new MetaloggerSettings(Duration.ofSeconds(10), Duration.ofSeconds(1), 50, 1 << 20);

    private final Path directory;
    private final Journal journal = new Journal();

    LastChangesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /** Of a mastership that began at {@link #START}. */
    private static final class Journal implements ChangesSink {
        private final RecentChanges recent = new RecentChanges(START);
        private final List<String> stored = new ArrayList<>();

        long next() {
            return START + stored.size();
        }

        @Override
        public long append(List<Change> changes) throws IOException {
            switch (AppendRule.decide(next(), recent, changes)) {
                case AppendRule.Decision.Refuse refuse -> throw new IOException(refuse.reason());
                case AppendRule.Decision.Store(List<String> texts) -> {
                    recent.add(next(), texts);
                    stored.addAll(texts);
                }
            }
            return next();
        }
    }

    private static String text(long version) {
        return "1700000000|CREATE(1,f" + version + ",1,438,18,0,0,0):" + version;
    }

    private static List<Change> changes(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(version -> new Change(version, text(version)))
                .toList();
    }

    private void written(List<Change> changes, String rest) throws IOException {
        Files.writeString(
                directory.resolve("changelog.0.mfs"),
                changes.stream().map(change -> change.line() + "\n").collect(Collectors.joining()) + rest,
                StandardCharsets.ISO_8859_1);
    }

    private LastChanges.Result journaled() throws IOException, InterruptedException {
        return new LastChanges(directory, journal, SETTINGS).journal(START, journal.next());
    }

    @Test
    void whatTheJournalDidNotHaveIsJournaled() throws Exception {
        journal.append(changes(START, START + 400));
        written(changes(START, START + 777), "");

        LastChanges.Result result = journaled();

        assertEquals(START + 777, result.next());
        assertEquals(changes(START, START + 777).stream().map(Change::text).toList(), journal.stored);
    }

    @Test
    void evenIfTheJournalHasNothingOfThisMastershipYet() throws Exception {
        written(changes(START, START + 3), "");

        assertEquals(START + 3, journaled().next());
    }

    @Test
    void withoutAnythingNewNothingHappens() throws Exception {
        journal.append(changes(START, START + 5));
        written(changes(START, START + 4), "");

        assertEquals(START + 5, journaled().next());
        Files.delete(directory.resolve("changelog.0.mfs"));
        assertEquals(START + 5, journaled().next());
    }

    @Test
    void halfALineIsNotAChange() throws Exception {
        written(changes(START, START + 3), (START + 3) + ": 1700000000|CREA");

        LastChanges.Result result = journaled();

        assertEquals(START + 3, result.next());
        assertTrue(result.tail().problems().getFirst().contains("half a line"), result.toString());
    }

    @Test
    void anotherTextForWhatIsJournaledIsNeverFollowed() throws Exception {
        journal.append(changes(START, START + 5));
        List<Change> other = new ArrayList<>(changes(START, START + 8));
        other.set(4, new Change(START + 4, "1700000000|UNLINK(1,x):9"));
        written(other, "");

        var refused = assertThrows(IOException.class, this::journaled);

        assertTrue(refused.toString().contains("another text"), refused.toString());
        assertEquals(START + 5, journal.next());
    }

    @Test
    void whatBeginsAfterAHoleIsRefused() throws Exception {
        journal.append(changes(START, START + 5));
        written(changes(START + 7, START + 9), "");

        var refused = assertThrows(IOException.class, this::journaled);

        assertTrue(refused.toString().contains("changes from 1005 to 1006 are missing"), refused.toString());
        assertEquals(START + 5, journal.next());
    }
}
