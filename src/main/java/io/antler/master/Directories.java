package io.antler.master;

import io.antler.journal.Epoch;
import io.antler.metalogger.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directories of this node's {@code mfsmaster} below {@code antler.node.data-dir}:
 *
 * <pre>
 * master/               the running one: standby or master
 * mastership            epoch under which master/ serves or served; absent for a standby
 * mastership.last       the last epoch this node ever served under
 * deposed/epoch-N-TIME  a former master's directory, never deleted by Antler
 * inspect               that of the last standby that failed
 * </pre>
 */
public final class Directories {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Path dataDir;

    public Directories(Path dataDir) {
        this.dataDir = dataDir;
    }

    public Path master() {
        return dataDir.resolve("master");
    }

    /** Where deposed masters' directories are moved; absent before the first. */
    public Path deposed() {
        return dataDir.resolve("deposed");
    }

    private Path marker() {
        return dataDir.resolve("mastership");
    }

    private Path last() {
        return dataDir.resolve("mastership.last");
    }

    /** Durable before the standby is let go: from then on its directory may hold what nobody else has. */
    public void becomesMaster(Epoch epoch) throws IOException {
        write(last(), epoch);
        write(marker(), epoch);
    }

    private static void write(Path file, Epoch epoch) throws IOException {
        Path beside = DurableFile.beside(file);
        Files.writeString(beside, epoch + "\n");
        DurableFile.publish(beside, file);
    }

    private void forceDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(dataDir, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** The last epoch this node served under, or {@link Epoch#NONE}. */
    public Epoch lastEpoch() {
        try {
            return read(last()).orElse(Epoch.NONE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + last() + ": " + failure.getMessage(), failure);
        }
    }

    private static Optional<Epoch> read(Path file) throws IOException {
        try {
            return Optional.of(new Epoch(Long.parseLong(Files.readString(file).strip())));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (NumberFormatException notANumber) {
            throw new IOException(file + " does not hold a number; move it away, it only tells the last epoch served");
        }
    }

    /**
     * Makes room for a new {@code master/}: a deposed master's directory is moved aside with its epoch, a standby's,
     * which holds nothing that the journal has not, is deleted.
     *
     * @param inspect keep a standby's too, in place of the last one kept
     * @return where the directory now is, if it was kept
     */
    public Optional<Path> makeRoom(boolean inspect) throws IOException {
        Optional<Epoch> epoch = read(marker());
        Optional<Path> aside = Optional.empty();
        if (Files.exists(master())) {
            if (epoch.isPresent()) {
                Path target = deposed().resolve("epoch-" + epoch.get() + "-" + TIME.format(Instant.now()));
                Files.createDirectories(target.getParent());
                Files.move(master(), target, StandardCopyOption.ATOMIC_MOVE);
                aside = Optional.of(target);
            } else if (inspect) {
                Path target = dataDir.resolve("inspect");
                if (Files.exists(target)) {
                    delete(target);
                }
                Files.move(master(), target, StandardCopyOption.ATOMIC_MOVE);
                aside = Optional.of(target);
            } else {
                delete(master());
            }
        }
        Files.deleteIfExists(marker());
        forceDirectory();
        return aside;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
