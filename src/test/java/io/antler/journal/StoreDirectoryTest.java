package io.antler.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies at any step of a replacement leaves what a restart completes. */
class StoreDirectoryTest {
    @TempDir
    Path parent = Path.of("");

    private StoreDirectory directory;
    private Path content;

    @BeforeEach
    void twoContents() throws IOException {
        directory = new StoreDirectory(parent.resolve("events"));
        directory.recover();
        Files.writeString(directory.current().resolve("CURRENT"), "old");
        content = Files.createDirectory(parent.resolve("snapshot"));
        Files.writeString(content.resolve("CURRENT"), "new");
        Files.writeString(content.resolve("1.sst"), "table");
    }

    private String restarted() throws IOException {
        var restarted = new StoreDirectory(parent.resolve("events"));
        restarted.recover();
        assertFalse(Files.exists(parent.resolve("events.new")));
        assertFalse(Files.exists(parent.resolve("events.old")));
        return Files.readString(parent.resolve("events/CURRENT"));
    }

    @Test
    void whenTheNewOneIsReadyTheOldOneStays() throws IOException {
        directory.prepare(content);

        assertEquals("old", restarted());
    }

    @Test
    void betweenTheTwoRenamesTheOldOneComesBack() throws IOException {
        directory.prepare(content);
        Files.move(directory.current(), parent.resolve("events.old"));

        assertEquals("old", restarted());
    }

    @Test
    void evenIfAnEmptyDirectoryWasMadeInItsPlace() throws IOException {
        directory.prepare(content);
        Files.move(directory.current(), parent.resolve("events.old"));
        Files.createDirectory(directory.current());

        assertEquals("old", restarted());
    }

    @Test
    void afterBothRenamesTheNewOneStays() throws IOException {
        directory.prepare(content);
        directory.swap();

        assertEquals("new", restarted());
        assertEquals("table", Files.readString(parent.resolve("events/1.sst")));
        assertEquals("table", Files.readString(content.resolve("1.sst")), "what was linked is whole");
    }

    @Test
    void whatIsMovedAsideIsKeptUnderANameOfItsOwn() throws IOException {
        Path first = directory.moveAside();
        Files.writeString(directory.current().resolve("CURRENT"), "again");
        Path second = directory.moveAside();

        assertEquals("old", Files.readString(first.resolve("CURRENT")));
        assertEquals("again", Files.readString(second.resolve("CURRENT")));
    }
}
