package io.antler.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the event store lies ({@code events}), and how another content takes its place: whole or not at all, at whatever
 * instant the process dies.
 *
 * <pre>
 * events                        in use
 * events, events.new            the other content is made ready beside it    restart: the new one is discarded
 * events.old, events.new        between two renames                          restart: the old one is taken back
 * events, events.old            the other content is in use                  restart: the old one is deleted
 * </pre>
 */
final class StoreDirectory {
    private final Path current;
    private final Path next;
    private final Path previous;

    StoreDirectory(Path current) {
        this.current = current;
        this.next = sibling(".new");
        this.previous = sibling(".old");
    }

    private Path sibling(String suffix) {
        return current.resolveSibling(current.getFileName() + suffix);
    }

    Path current() {
        return current;
    }

    /** Ends what a process before this one began. To be called before the store is opened. */
    void recover() throws IOException {
        if (Files.exists(previous)) {
            if (Folders.files(current).isEmpty()) {
                Folders.delete(current);
                Folders.move(previous, current);
            } else {
                Folders.delete(previous);
            }
        }
        Folders.delete(next);
        Files.createDirectories(current);
    }

    /** Makes a copy ready beside the store, on disk. Sorted tables never change, so these are linked. */
    Path prepare(Path content) throws IOException {
        Folders.delete(next);
        Files.createDirectory(next);
        for (String name : Folders.files(content)) {
            Path from = content.resolve(name);
            if (name.endsWith(".sst")) {
                Files.createLink(next.resolve(name), from);
            } else {
                Folders.force(Files.copy(from, next.resolve(name)));
            }
        }
        Folders.force(next);
        return next;
    }

    /** To be called while the store is closed. */
    void swap() throws IOException {
        Folders.delete(previous);
        Folders.move(current, previous);
        Folders.move(next, current);
    }

    /** To be called when the content swapped in has proved usable. */
    void deletePrevious() throws IOException {
        Folders.delete(previous);
    }

    /** RocksDB would begin anew, without a word, where only this file is missing. */
    boolean isHeadless() throws IOException {
        return Folders.files(current).stream().anyMatch(name -> name.startsWith("MANIFEST") || name.endsWith(".sst"))
                && !Files.exists(current.resolve("CURRENT"));
    }

    /** Leaves an empty directory in its place. */
    Path moveAside() throws IOException {
        int number = 1;
        while (Files.exists(sibling(".damaged-" + number))) {
            number++;
        }
        Path aside = sibling(".damaged-" + number);
        Folders.move(current, aside);
        Files.createDirectory(current);
        return aside;
    }
}
