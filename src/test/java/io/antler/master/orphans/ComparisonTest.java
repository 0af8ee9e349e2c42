package io.antler.master.orphans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.journal.Epoch;
import io.antler.metalogger.ChangesBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final Epoch DEPOSED = new Epoch(3);

    /** Epoch 2 up to change 109, 3 up to 119, then 4 with other texts for what 3 could not store any more. */
    private static final Journaled JOURNAL =
            journal(batch(2, 100, 110, "a"), batch(3, 110, 120, "a"), batch(4, 120, 130, "b"));

    @TempDir
    private Path directory = Path.of("");

    private Path deposed = directory;
    private Path target = directory;

    @BeforeEach
    void directories() throws IOException {
        deposed = Files.createDirectories(directory.resolve("epoch-3-20261128T120000"));
        target = directory.resolve("found.mfs");
    }

    static ChangesBatch batch(long epoch, long first, long until, String name) {
        return new ChangesBatch(
                new Epoch(epoch),
                first,
                LongStream.range(first, until).mapToObj(v -> text(v, name)).toList());
    }

    static Journaled journal(ChangesBatch... batches) {
        return version -> List.of(batches).stream().filter(batch -> batch.nextVersion() > version);
    }

    static String text(long version, String name) {
        return (1_700_000_000 + version) + "|CREATE(1," + name + version + "):" + version;
    }

    static String lines(long first, long until, String name) {
        var lines = new StringBuilder();
        LongStream.range(first, until)
                .forEach(v -> lines.append(v).append(": ").append(text(v, name)).append('\n'));
        return lines.toString();
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(deposed.resolve(name), content, StandardCharsets.ISO_8859_1);
    }

    private OrphanSet compare() throws IOException {
        return Comparison.run(deposed, DEPOSED, JOURNAL, target);
    }

    private void assertFound(OrphanSet found, String lines, long count, long first, long last) throws IOException {
        assertEquals(lines, Files.readString(target, StandardCharsets.ISO_8859_1));
        assertEquals(
                List.of(count, first, last, List.of()),
                List.of(
                        found.changes(),
                        String.valueOf(found.first()).equals("null") ? -1L : found.first(),
                        found.last() == null ? -1L : found.last(),
                        found.remarks()));
    }

    @Test
    void aMasterThatHandedEverythingOverHasNone() throws IOException {
        file("changelog.0.mfs", lines(110, 120, "a"));

        OrphanSet found = compare();

        assertFalse(found.isFound());
        assertFalse(Files.exists(target));
        assertEquals("epoch-3-20261128T120000", found.id());
    }

    @Test
    void withoutAnyChangelogThereIsNone() throws IOException {
        assertFalse(compare().isFound());
    }

    @Test
    void whatCameAfterTheLastJournaledChangeIsKept() throws IOException {
        file("changelog.1.mfs", lines(110, 115, "a"));
        file("changelog.0.mfs", lines(115, 124, "a"));

        assertFound(compare(), lines(120, 124, "a"), 4, 120, 123);
    }

    @Test
    void theSameTextByTheNextMasterIsAnotherChange() throws IOException {
        file("changelog.0.mfs", lines(118, 120, "a") + lines(120, 123, "b"));

        assertFound(compare(), lines(120, 123, "b"), 3, 120, 122);
    }

    @Test
    void anotherTextUnderAJournaledVersionIsKept() throws IOException {
        file("changelog.0.mfs", lines(110, 114, "a") + lines(114, 116, "x") + lines(116, 120, "a"));

        assertFound(compare(), lines(114, 116, "x"), 2, 114, 115);
    }

    @Test
    void whatIsOlderThanTheJournalWasInIt() throws IOException {
        file("changelog.0.mfs", lines(90, 120, "a"));

        assertFalse(compare().isFound());
    }

    @Test
    void theFileThatFedTheStandbyIsNotLookedAt() throws IOException {
        file("changelog_ml.0.mfs", "\0".repeat(8192) + lines(105, 110, "a") + "110: 0|ANTLER_IS_GONE()\n");
        file("changelog.0.mfs", lines(110, 121, "a"));

        assertFound(compare(), lines(120, 121, "a"), 1, 120, 120);
    }

    @Test
    void halfALineIsToldWithFileAndByteUnlessTheJournalHasItsChange() throws IOException {
        file("changelog.0.mfs", lines(110, 119, "a") + "119: 17000");
        assertFalse(compare().isFound());

        String whole = lines(110, 121, "a");
        file("changelog.0.mfs", whole + "121: 1700");
        OrphanSet found = compare();

        assertEquals(1, found.changes());
        String place = deposed.resolve("changelog.0.mfs") + ", byte " + whole.length();
        assertEquals(1, found.remarks().size());
        assertTrue(found.remarks().getFirst().startsWith(place), found.remarks().getFirst());
    }

    @Test
    void damageAmongWhatTheJournalHasIsOfNoInterestAndBehindItIs() throws IOException {
        file("changelog.0.mfs", lines(110, 113, "a") + "rubbish\n" + lines(114, 120, "a"));
        assertFalse(compare().isFound());

        file("changelog.0.mfs", lines(110, 122, "a") + "rubbish\n" + lines(123, 125, "a"));
        OrphanSet found = compare();

        assertEquals(4, found.changes());
        assertEquals(lines(120, 122, "a") + lines(123, 125, "a"), Files.readString(target));
        assertTrue(
                found.remarks().stream().anyMatch(remark -> remark.contains("changelog.0.mfs, byte ")),
                found.remarks().toString());
    }

    @Test
    void whatAnInterruptedComparisonLeftIsReplaced() throws IOException {
        Files.writeString(target, "old");
        Files.writeString(target.resolveSibling("found.mfs.tmp"), "half");
        file("changelog.0.mfs", lines(110, 121, "a"));

        assertFound(compare(), lines(120, 121, "a"), 1, 120, 120);
        assertFalse(Files.exists(target.resolveSibling("found.mfs.tmp")));
    }

    @Test
    void whenTheDeposedMasterStoredNothingAllIsKept() throws IOException {
        file("changelog.0.mfs", lines(120, 122, "a"));
        Journaled journal = journal(batch(2, 100, 120, "a"), batch(4, 120, 130, "b"));

        OrphanSet found = Comparison.run(deposed, DEPOSED, journal, target);

        assertFound(found, lines(120, 122, "a"), 2, 120, 121);
    }

    @Test
    void theAnswerOfTheJournalIsFinalOnlyBehindTheNextFence() {
        assertFalse(OrphanRule.isSettled(DEPOSED, new Epoch(2)));
        assertFalse(OrphanRule.isSettled(DEPOSED, DEPOSED));
        assertTrue(OrphanRule.isSettled(DEPOSED, new Epoch(4)));
    }
}
